/** What a Messages request makes use of, by the names of chat completions, and what its media cost. */
import { Problem } from '../../kit/index.ts';
import type { Need } from '../dialect.ts';
import { mediaTokensOf, TOKENS_PER_IMAGE } from '../price.ts';
import type { Block, MessagesRequest } from './anthropic-schema.ts';

/** What a translation into chat completions carries, by where it stands; any other block is Anthropic's own. */
const carried = {
  user: new Set(['text', 'image', 'document', 'search_result', 'tool_result']),
  assistant: new Set(['text', 'thinking', 'redacted_thinking', 'tool_use']),
  system: new Set(['text']),
  tool_result: new Set(['text', 'image', 'document', 'search_result']),
  search_result: new Set(['text']),
  document: new Set(['text', 'image']),
} as const;

/** Who says a block, or the type of the block that it stands in. */
type Place = keyof typeof carried;

/** Beyond this OpenAI refuses a chat, and the gateway with it. */
const STOPS_MAX = 4;

export interface Survey {
  readonly needs: readonly Need[];
  /** An upper estimate of what images and files cost as input. */
  readonly tokens: number;
}

/** @throws Problem `invalid-request` for blocks within blocks and for sources that nobody could read */
export function surveyMessages(request: MessagesRequest): Survey {
  const survey = new BlockSurvey();
  if (Array.isArray(request.system)) survey.addAll(request.system, 'system', 'system');
  for (const [at, { role, content }] of request.messages.entries())
    if (typeof content !== 'string') survey.addAll(content, `messages[${at}].content`, role);
  return { needs: [...fieldNeeds(request), ...survey.needs], tokens: survey.tokens };
}

function fieldNeeds(request: MessagesRequest): Need[] {
  const { tools, tool_choice: choice, thinking, output_config: output, stop_sequences: stops } = request;
  const needs: Need[] = [];
  if (thinking != null && thinking.type !== 'disabled') needs.push({ name: 'reasoning_effort', param: 'thinking' });
  if (output?.effort != null) needs.push({ name: 'reasoning_effort', param: 'output_config.effort' });
  if (output?.format != null) needs.push({ name: 'response_format', param: 'output_config.format' });
  if (stops?.length) needs.push({ name: 'stop', param: 'stop_sequences' });
  if (stops != null && stops.length > STOPS_MAX)
    needs.push({ name: `more than ${STOPS_MAX} stop_sequences`, param: 'stop_sequences', only: 'anthropic' });
  if (choice?.disable_parallel_tool_use && tools?.length)
    needs.push({ name: 'parallel_tool_calls', param: 'tool_choice.disable_parallel_tool_use' });
  for (const [at, { type }] of (tools ?? []).entries())
    if (type != null && type !== 'custom') needs.push({ name: type, param: `tools[${at}]`, only: 'anthropic' });
  return needs;
}

class BlockSurvey {
  readonly needs: Need[] = [];
  tokens = 0;

  addAll(blocks: unknown, param: string, place: Place): void {
    if (!areBlocks(blocks)) throw wrong(param, 'expected text or a list of blocks');
    for (const [at, block] of blocks.entries()) this.#add(block, `${param}[${at}]`, place);
  }

  #add(block: Block, param: string, place: Place): void {
    const { type, content } = block;
    if (!carried[place].has(type)) {
      this.needs.push({ name: type, param, only: 'anthropic' });
      this.tokens += mediaTokensOf(block);
    } else if (type === 'tool_use' || type === 'tool_result') {
      this.needs.push({ name: 'tools', param });
      if (type === 'tool_result' && content != null && typeof content !== 'string')
        this.addAll(content, `${param}.content`, 'tool_result');
    } else if (type === 'search_result') this.addAll(content, `${param}.content`, 'search_result');
    else if (type === 'image' || type === 'document') this.#addSource(block, param);
  }

  #addSource(block: Block, param: string): void {
    const { type } = block;
    const source = readSource(block, `${param}.source`);
    const isContent = type === 'document' && source.type === 'content';
    if (isContent && typeof source.content !== 'string')
      this.addAll(source.content, `${param}.source.content`, 'document');
    if (isContent || (type === 'document' && source.type === 'text')) return;
    this.needs.push({ name: type === 'image' ? 'image_url' : 'file', param });
    if (source.type !== 'base64' && !(type === 'image' && source.type === 'url'))
      this.needs.push({ name: `${type} from ${source.type}`, param: `${param}.source`, only: 'anthropic' });
    if (type === 'image') this.tokens += TOKENS_PER_IMAGE;
    else this.tokens += mediaTokensOf(block);
  }
}

function areBlocks(value: unknown): value is Block[] {
  return Array.isArray(value) && value.every((block) => typeof (block as Block | null)?.type === 'string');
}

/** Members that must be text, by the type of the source. */
const sourceMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['base64', ['media_type', 'data']],
  ['url', ['url']],
  ['text', ['data']],
]);

function readSource(block: Block, param: string): Block {
  const source = (block.source ?? {}) as Block;
  for (const member of ['type', ...(sourceMembers.get(source.type) ?? [])])
    if (typeof source[member] !== 'string') throw wrong(`${param}.${member}`, 'expected text');
  return source;
}

function wrong(param: string, why: string): Problem {
  return new Problem('invalid-request', `\`${param}\` is not valid: ${why}`, { param });
}
