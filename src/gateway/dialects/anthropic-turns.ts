/** The conversation of a Messages request in the words of chat completions. */
import type { Block, MessagesRequest } from './anthropic-schema.ts';

type Chat = Record<string, unknown>;

export interface TurnsWish {
  /** Whether the backend takes back what a model thought; strict ones refuse it. */
  readonly takesThoughts: boolean;
  /** Gets the names of what has no place in a chat. */
  readonly dropped: Set<string>;
}

export function chatTurns({ system, messages }: MessagesRequest, wish: TurnsWish): Chat[] {
  const said: Chat[] = [];
  const rules = typeof system === 'string' ? system : (system ?? []).map(textOf).join('\n\n');
  if (rules !== '') said.push({ role: 'system', content: rules });
  for (const { role, content } of messages) {
    if (typeof content === 'string') said.push({ role, content });
    else if (role === 'assistant') said.push(assistantMessage(content, wish));
    else said.push(...userMessages(content, role, wish));
  }
  return said;
}

function textOf(block: Block): string {
  return typeof block.text === 'string' ? block.text : '';
}

function assistantMessage(blocks: readonly Block[], { takesThoughts, dropped }: TurnsWish): Chat {
  const message: Chat = { role: 'assistant', content: null };
  const text = blocks.map(textOf).join('');
  if (text !== '') message.content = text;
  const thoughts = blocks.map(({ type, thinking }) => (type === 'thinking' ? String(thinking ?? '') : '')).join('');
  if (thoughts !== '' && takesThoughts) message.reasoning_content = thoughts;
  else if (thoughts !== '') dropped.add('messages.thinking');
  if (blocks.some(({ type }) => type === 'redacted_thinking')) dropped.add('messages.redacted_thinking');
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  if (calls.length > 0) {
    message.tool_calls = calls.map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }));
  }
  if (message.content === null && message.tool_calls === undefined) message.content = '';
  return message;
}

/** Results of tools stand before everything else, as the conversation of chat completions demands. */
function userMessages(blocks: readonly Block[], role: string, { dropped }: TurnsWish): Chat[] {
  const said: Chat[] = [];
  const parts: Chat[] = [];
  for (const block of blocks) {
    if (block.type !== 'tool_result') {
      parts.push(...chatParts(block, dropped));
      continue;
    }
    const { content = null, tool_use_id } = block;
    const inner =
      typeof content === 'string'
        ? [{ type: 'text', text: content }]
        : ((content ?? []) as Block[]).flatMap((one) => chatParts(one, dropped));
    const text = inner.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
    said.push({ role: 'tool', tool_call_id: tool_use_id, content: block.is_error === true ? `Error: ${text}` : text });
    // A chat's result is text alone.
    parts.push(...inner.filter(({ type }) => type !== 'text'));
  }
  const [first, ...others] = parts;
  if (first !== undefined)
    said.push({ role, content: others.length === 0 && first.type === 'text' ? first.text : parts });
  return said;
}

interface Source {
  readonly type: string;
  readonly media_type?: string;
  readonly data?: string;
  readonly url?: string;
  readonly content?: string | readonly Block[];
}

/** What the survey of the request let through. */
function chatParts(block: Block, dropped: Set<string>): Chat[] {
  if ((block.citations as { enabled?: unknown } | null | undefined)?.enabled === true)
    dropped.add('messages.citations');
  const source = (block.source ?? { type: '' }) as Source;
  switch (block.type) {
    case 'text':
      return [textPart(textOf(block))];
    case 'image':
      return [{ type: 'image_url', image_url: { url: source.type === 'url' ? source.url : dataUrl(source) } }];
    case 'search_result':
      return textParts(block.title, block.source, ...(block.content as Block[]).map(textOf));
    default:
      return documentParts(block, source, dropped);
  }
}

function documentParts({ title, context }: Block, source: Source, dropped: Set<string>): Chat[] {
  if (source.type === 'base64') {
    const file = { filename: String(title ?? 'document.pdf'), file_data: dataUrl(source) };
    return [...textParts(context), { type: 'file', file }];
  }
  const { content = source.data } = source;
  if (typeof content === 'string') return textParts(title, context, content);
  return [...textParts(title, context), ...(content ?? []).flatMap((block) => chatParts(block, dropped))];
}

const dataUrl = ({ media_type, data }: Source) => `data:${media_type};base64,${data}`;
const textPart = (text: string): Chat => ({ type: 'text', text });

/** One part of the lines that there are. */
function textParts(...lines: readonly unknown[]): Chat[] {
  const text = lines.filter((line) => typeof line === 'string' && line !== '').join('\n');
  return text === '' ? [] : [textPart(text)];
}
