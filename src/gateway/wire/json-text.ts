import { isUtf8 } from 'node:buffer';
import { endOfString, JSON_ENTRIES_MAX, JSON_KEYS_MAX, Problem } from '../../kit/index.ts';
import { findTwin } from './find-twin.ts';

/** One member of the outermost object, by its place in the bytes. */
export interface Member {
  readonly key: string;
  /** Of the key's opening quote. */
  readonly start: number;
  /** Of the first byte behind the colon. */
  readonly valueStart: number;
  /** Behind the last byte of the value, white space before the comma included. */
  readonly end: number;
}

/** One JSON document as it came and as it reads. What leaves again is made of the same bytes. */
export interface JsonText {
  readonly bytes: Buffer;
  readonly value: unknown;
  /** Of the outermost object, in their order; empty when it is none. */
  readonly members: readonly Member[];
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * One JSON document in UTF-8, no deeper and with no more keys and entries than the bounds, which are checked before anything is built. Keys that come
 * twice, or twice but for their case, are refused: readers differ in which of them counts, so that policy and upstream
 * could see two requests. @throws Problem `malformed-json` or `invalid-request`
 */
export function readJson(bytes: Buffer, depthMax: number): JsonText {
  if (bytes.length === 0) throw new Problem('malformed-json', 'the body is empty; send one JSON object');
  if (!isUtf8(bytes)) throw new Problem('malformed-json', 'the body is not UTF-8; encode it as UTF-8');
  const outline = new Outline(bytes, depthMax);
  if (!outline.survey()) throw new Problem('malformed-json', outline.excess());
  const value = parse(bytes);
  const twin = findTwin(value, { bytes, colons: outline.colons });
  if (twin !== null) {
    const detail = `the key \`${twin}\` stands more than once in one object, or in two cases; readers differ in which one counts, so leave one`;
    throw new Problem('invalid-request', detail, { param: twin });
  }
  return { bytes, value, members: outline.members };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    // Without the cause: its message quotes the body, and causes go into the log.
    throw new Problem('malformed-json', `the body is not JSON: ${describe(cause as Error)}`);
  }
}

/** V8's message quotes the text around the fault; content stays out of problems and logs, so only the position is kept. */
function describe(error: Error): string {
  const at = /position (\d+)/.exec(error.message);
  return at ? `there is a fault at byte ${at[1]}` : 'it ends too early or has a fault; check it with a JSON tool';
}

/** Where things are in a document, found without building any of it. What it says of broken JSON means nothing. */
class Outline {
  readonly members: Member[] = [];
  colons = 0;
  #entries = 0;
  readonly #bytes: Buffer;
  readonly #depthMax: number;
  #depth = 0;
  #start = -1;
  #keyEnd = -1;
  #valueStart = -1;

  constructor(bytes: Buffer, depthMax: number) {
    this.#bytes = bytes;
    this.#depthMax = depthMax;
  }

  /** Why `survey` was false. */
  excess(): string {
    if (this.colons > JSON_KEYS_MAX) return `the JSON has more than ${JSON_KEYS_MAX} keys; send fewer`;
    return this.#entries > JSON_ENTRIES_MAX
      ? `the JSON has more than ${JSON_ENTRIES_MAX} entries in its arrays and objects; send fewer`
      : `the JSON is nested deeper than ${this.#depthMax} levels; send it flatter`;
  }

  /** False when it is more than the bounds allow. */
  survey(): boolean {
    const bytes = this.#bytes;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        const end = endOfString(bytes, at);
        if (end < 0) return true;
        if (this.#depth === 1 && this.#valueStart < 0) this.#noteKey(at, end);
        at = end;
      } else if (!this.#step(byte, at)) return false;
    }
    return true;
  }

  #noteKey(start: number, end: number): void {
    this.#start = start;
    this.#keyEnd = end;
  }

  #step(byte: number, at: number): boolean {
    switch (byte) {
      case COLON:
        if (this.#depth === 1) this.#valueStart = at + 1;
        return ++this.colons <= JSON_KEYS_MAX;
      case COMMA:
        if (this.#depth === 1) this.#close(at);
        return ++this.#entries <= JSON_ENTRIES_MAX;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        return ++this.#entries <= JSON_ENTRIES_MAX && ++this.#depth <= this.#depthMax;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        if (this.#depth === 1) this.#close(at);
        this.#depth--;
        return true;
      default:
        return true;
    }
  }

  #close(end: number): void {
    if (this.#valueStart >= 0 && this.#start >= 0) {
      const key = readKey(this.#bytes, this.#start, this.#keyEnd);
      this.members.push({ key, start: this.#start, valueStart: this.#valueStart, end });
    }
    this.#start = -1;
    this.#valueStart = -1;
  }
}

function readKey(bytes: Buffer, open: number, close: number): string {
  const text = bytes.toString('utf8', open + 1, close);
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
