/** What a Responses request goes on from: a kept response as a whole, and items of kept responses that it names by their ids. */
import { Problem } from '../../kit/index.ts';
import type { Shelf } from '../dialect.ts';
import { responseIdOf } from './response-object.ts';
import type { ResponseItem, ResponsesRequest } from './responses-schema.ts';
import { itemsOf } from './responses-to-chat.ts';

export interface Remembered {
  readonly earlier: readonly ResponseItem[];
  /** What the request says itself, with the items that it names. */
  readonly input: readonly ResponseItem[];
  /** Of everything that was kept. */
  readonly classes: readonly string[];
}

/** @throws Problem `not-found` that names what is not kept for this tenant and purpose */
export async function remember(request: ResponsesRequest, shelf: Shelf | null): Promise<Remembered> {
  const { previous_response_id: id } = request;
  const said = itemsOf(request.input);
  if (id == null && !said.some(isReference)) return { earlier: [], input: said, classes: [] };
  const memory = new Memory(shelf);
  const earlier = id == null ? [] : await memory.load(id);
  return { earlier, input: await memory.resolve(said), classes: memory.classes };
}

/** Its type may be left out. */
function isReference({ type, id, role, content }: ResponseItem): boolean {
  return type === 'item_reference' || (type == null && id != null && role === undefined && content === undefined);
}

/** More than a conversation needs: a kept response holds what led to it. Each is read whole into memory. */
const RESPONSES_MAX = 32;

class Memory {
  readonly classes: string[] = [];
  readonly #shelf: Shelf | null;
  readonly #items = new Map<string, ResponseItem>();

  constructor(shelf: Shelf | null) {
    this.#shelf = shelf;
  }

  async load(id: string): Promise<readonly ResponseItem[]> {
    if (this.#shelf === null)
      throw new Problem('not-found', 'no conversation is kept here', { param: 'previous_response_id' });
    const kept = await this.#shelf.load(id);
    const items = kept.items as readonly ResponseItem[];
    this.classes.push(kept.classification);
    for (const item of items) if (item.id != null) this.#items.set(item.id, item);
    return items;
  }

  /** From the newest on, which mostly holds the others. */
  async resolve(said: readonly ResponseItem[]): Promise<ResponseItem[]> {
    const resolved = [...said];
    for (let at = said.length - 1; at >= 0; at--) {
      const item = said[at];
      if (item !== undefined && isReference(item)) resolved[at] = await this.#find(String(item.id), `input[${at}]`);
    }
    return resolved;
  }

  async #find(id: string, param: string): Promise<ResponseItem> {
    const response = responseIdOf(id);
    if (!this.#items.has(id) && response !== null) await this.#loadFor(response, param);
    return this.#items.get(id) ?? nothingKept(param);
  }

  async #loadFor(response: string, param: string): Promise<void> {
    if (this.classes.length >= RESPONSES_MAX)
      throw new Problem('invalid-request', `\`input\` names items of more than ${RESPONSES_MAX} responses`, { param });
    try {
      await this.load(response);
    } catch (cause) {
      if (!(cause instanceof Problem) || cause.code !== 'not-found') throw cause;
      nothingKept(param);
    }
  }
}

function nothingKept(param: string): never {
  const detail = `\`${param}\` names an item that is not kept here for this purpose; send the item itself, as clients do that are told \`store: false\``;
  throw new Problem('not-found', detail, { param });
}
