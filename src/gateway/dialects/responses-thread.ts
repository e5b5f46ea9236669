import { Problem } from '../../kit/index.ts';
import { type Chat, chatPart, refused, saidText } from './responses-parts.ts';
import type { ResponseItem } from './responses-schema.ts';

/**
 * Items of a conversation as messages of a chat. A chat wants results of tools directly behind the message that calls them,
 * and text alone in them: what comes between, and media of the results, waits until every call has its result.
 */
export class ChatThread {
  readonly messages: Chat[] = [];
  /** For each message where in the request it stands. */
  readonly places: string[] = [];
  /** By the id of a call: results that are still to come. */
  readonly #results = new Map<unknown, number>();
  /** The message whose calls still get their results. */
  #asking: Chat | null = null;
  readonly #unanswered = new Set<unknown>();
  readonly #waiting: { readonly message: Chat; readonly at: string }[] = [];

  constructor(items: readonly ResponseItem[]) {
    for (const { type, call_id: id } of items)
      if (type === 'function_call_output') this.#results.set(id, (this.#results.get(id) ?? 0) + 1);
  }

  /** `at`: the item's place, such as `input[0]`. @throws Problem that names what a chat cannot hold */
  add(item: ResponseItem, at: string): void {
    switch (item.type ?? 'message') {
      case 'message':
        this.#addMessage(messageOf(item, at), at);
        return;
      case 'function_call':
        this.#addCall(item, at);
        return;
      case 'function_call_output':
        this.#addResult(item, at);
        return;
      case 'reasoning':
        // What the model thought is its own; providers do not take it back in chats.
        return;
      default:
        throw refused(at, `is a \`${item.type}\`, which no backend here takes; leave it out`);
    }
  }

  /** Behind the last item. */
  end(): void {
    this.#asking = null;
    this.#unanswered.clear();
    for (const { message, at } of this.#waiting.splice(0)) this.#push(message, at);
  }

  #push(message: Chat, at: string): void {
    this.messages.push(message);
    this.places.push(at);
  }

  #addMessage(message: Chat, at: string): void {
    if (this.#asking === null) {
      this.end();
      this.#push(message, at);
    } else if (message.role === 'assistant')
      this.#asking.content = `${String(this.#asking.content ?? '')}${String(message.content)}`;
    else this.#waiting.push({ message, at });
  }

  /** Calls belong to the message of the assistant that they follow. */
  #addCall({ call_id: id, name, arguments: said }: ResponseItem, at: string): void {
    const strings = { call_id: id, name, arguments: said };
    for (const [key, value] of Object.entries(strings)) if (typeof value !== 'string') throw notText(`${at}.${key}`);
    if (this.#asking === null) this.end();
    const message = this.#asking ?? this.#lastOfAssistant(at);
    message.tool_calls = [
      ...((message.tool_calls as unknown[] | undefined) ?? []),
      { id, type: 'function', function: { name, arguments: said } },
    ];
    if (!this.#results.get(id)) return;
    this.#asking = message;
    this.#unanswered.add(id);
  }

  #lastOfAssistant(at: string): Chat {
    const last = this.messages.at(-1);
    if (last?.role === 'assistant') return last;
    const message: Chat = { role: 'assistant', content: null };
    this.#push(message, at);
    return message;
  }

  #addResult({ call_id: id, output }: ResponseItem, at: string): void {
    if (typeof id !== 'string') throw notText(`${at}.call_id`);
    const parts = (Array.isArray(output) ? output : []).map((part, place) => chatPart(part, `${at}.output[${place}]`));
    const texts = parts.filter(({ type }) => type === 'text').map(({ text }) => text);
    const plain = typeof output === 'string' ? output : JSON.stringify(output ?? '');
    const content = Array.isArray(output) ? texts.join('') : plain;
    this.#push({ role: 'tool', tool_call_id: id, content }, at);
    const media = parts.filter(({ type }) => type !== 'text');
    if (media.length > 0) this.#waiting.push({ message: { role: 'user', content: media }, at });
    this.#results.set(id, (this.#results.get(id) ?? 1) - 1);
    this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#asking = null;
  }
}

function notText(param: string): Problem {
  return new Problem('invalid-request', `\`${param}\` is not a text`, { param });
}

function messageOf({ role = 'user', content }: ResponseItem, at: string): Chat {
  if (content == null || typeof content === 'string') return { role, content: content ?? '' };
  const placed = content.map((part, place) => ({ part, place: `${at}.content[${place}]` }));
  if (role === 'assistant') return { role, content: placed.map(({ part, place }) => saidText(part, place)).join('') };
  const parts = placed.map(({ part, place }) => chatPart(part, place));
  const [first, ...others] = parts;
  const isPlain = others.length === 0 && first?.type === 'text' && first.prompt_cache_breakpoint === undefined;
  return { role, content: isPlain ? first.text : parts };
}
