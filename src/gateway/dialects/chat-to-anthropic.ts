/** Answers of chat completions in the words of Anthropic's Messages: whole, and what streams share with them. */
import { randomBytes } from 'node:crypto';
import { utf8 } from '../../kit/index.ts';
import type { AnswerSummary, WholeAnswer } from '../dialect.ts';
import { isCount, readUsage } from './openai-chat-chunk.ts';
import { parseCompletion, summarize, thoughtOf, type WholeMessage } from './openai-chat-whole.ts';

export type Json = Record<string, unknown>;

/** Upstream's reason on the left. What is none of them ends a turn. */
const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

/** OpenAI and vLLM say `stop` of a call that the request demanded; a client would take the answer for the last one. */
export function stopReasonOf(reason: unknown, isCalling: boolean): string {
  const read = stopReasons[String(reason)] ?? 'end_turn';
  return isCalling && read === 'end_turn' ? 'tool_use' : read;
}

export const newMessageId = () => `msg_${randomBytes(16).toString('hex')}`;
export const newCallId = () => `toolu_${randomBytes(12).toString('hex')}`;

interface ChatUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly prompt_tokens_details?: { readonly cached_tokens?: unknown } | null;
}

/** What we counted ourselves, where the upstream says nothing. */
export function estimatedUsage(summary: AnswerSummary | null, promptTokens: number): ChatUsage {
  return { prompt_tokens: promptTokens, completion_tokens: summary?.counted ?? 0 };
}

/** Anthropic counts what came from the cache apart from the other input. */
export function usageOf(usage: unknown): Json {
  const { promptTokens: input, completionTokens } = readUsage(usage) ?? { promptTokens: 0, completionTokens: 0 };
  const cached = (usage as ChatUsage | null | undefined)?.prompt_tokens_details?.cached_tokens;
  const fromCache = isCount(cached) && cached <= input ? cached : 0;
  return {
    input_tokens: input - fromCache,
    output_tokens: completionTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: fromCache,
  };
}

export interface ToolCall {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown };
}

export interface Told {
  readonly model: string;
  /** An estimate, for when the upstream does not count. */
  readonly promptTokens: number;
}

/** Null when the bytes are no chat completion. */
export function messageOfChat(bytes: Uint8Array, to: Told & { readonly mediaType: string }): WholeAnswer | null {
  const answer = parseCompletion(bytes);
  const choice = answer?.choices[0];
  if (answer === null || choice?.message === undefined) return null;
  const content = contentOf(choice.message);
  const isCalling = content.some(({ type }) => type === 'tool_use');
  const summary = summarize(answer);
  const message = {
    id: newMessageId(),
    type: 'message',
    role: 'assistant',
    model: to.model,
    content,
    stop_reason: stopReasonOf(choice.finish_reason, isCalling),
    stop_sequence: null,
    usage: usageOf(answer.usage ?? estimatedUsage(summary, to.promptTokens)),
  };
  return { summary, bytes: utf8(JSON.stringify(message)), mediaType: to.mediaType };
}

function contentOf(message: WholeMessage): Json[] {
  const { content, refusal, tool_calls: calls } = message;
  const blocks: Json[] = [];
  const thinking = thoughtOf(message);
  if (thinking !== '') blocks.push({ type: 'thinking', thinking, signature: '' });
  for (const text of [content, refusal])
    if (typeof text === 'string' && text !== '') blocks.push({ type: 'text', text });
  for (const { id, function: called } of Array.isArray(calls) ? (calls as ToolCall[]) : []) {
    blocks.push({
      type: 'tool_use',
      id: id || newCallId(),
      name: called?.name ?? '',
      input: readArguments(called?.arguments),
    });
  }
  return blocks;
}

/** Small models write arguments that are no JSON, or no object; the client is shown what they wrote. */
function readArguments(text: unknown): unknown {
  if (typeof text !== 'string' || text.trim() === '') return {};
  try {
    const input = JSON.parse(text);
    return input !== null && typeof input === 'object' && !Array.isArray(input) ? input : { value: input };
  } catch {
    return { unparsed: text };
  }
}
