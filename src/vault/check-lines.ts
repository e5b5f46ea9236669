import { isUtf8 } from 'node:buffer';
import { isTooLarge } from './is-too-large.ts';
import type { BatchError } from './schema.ts';
import { batchLine } from './schema.ts';

const LINE_FEED = 10;
const LINES_MAX = 50_000;
const LINE_BYTES_MAX = 10_000_000;
const TOO_LARGE = 'the line has more keys or entries than a request may; send less in it';
/** Whoever has more mistakes than this mends these first. */
const ERRORS_MAX = 20;

export interface CheckedLine {
  /** From 1, as in the file. */
  readonly number: number;
  /** As it stands there: who asks it reads what was written, not what one reader made of it. */
  readonly line: Uint8Array;
}

/** Reads the lines of a batch's file as they come. `errors` is complete once the lines are through. */
export class LineCheck {
  readonly errors: BatchError[] = [];
  readonly #endpoint: string;
  readonly #seen = new Set<string>();
  #number = 0;
  #count = 0;
  #isOver = false;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  get isHopeless(): boolean {
    return this.#isOver || this.errors.length >= ERRORS_MAX;
  }

  async *read(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CheckedLine> {
    for await (const { number, line } of splitLines(chunks)) {
      this.#number = number;
      const isRight = this.#check(line);
      if (this.isHopeless) return;
      if (isRight) yield { number, line };
    }
    if (this.#count === 0 && this.errors.length === 0) this.#fail('empty_file', 'the file has no line', null);
  }

  #check(line: Buffer): boolean {
    this.#count++;
    if (this.#count > LINES_MAX) return this.#failAll('too_many_requests', `a batch has at most ${LINES_MAX} lines`);
    if (!isUtf8(line)) return this.#fail('invalid_json_line', 'the line is not UTF-8', null);
    if (isTooLarge(line)) return this.#fail('invalid_json_line', TOO_LARGE, null);
    const parsed = batchLine.safeParse(parse(line.toString('utf8')));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return this.#fail('invalid_json_line', issue?.message ?? 'no JSON object', issue?.path.join('.') || null);
    }
    const { custom_id: id, url, body } = parsed.data;
    if (url !== this.#endpoint)
      return this.#fail('invalid_url', `the batch is for \`${this.#endpoint}\`, not for another address`, 'url');
    if (body.stream === true) return this.#fail('invalid_request', 'a batch cannot be streamed', 'body.stream');
    if (this.#seen.has(id))
      return this.#fail('duplicate_custom_id', 'the id stands on an earlier line too', 'custom_id');
    this.#seen.add(id);
    return true;
  }

  #fail(code: string, message: string, param: string | null): false {
    this.errors.push({ code, line: this.#number, message, param });
    return false;
  }

  /** There is no use in reading on. */
  #failAll(code: string, message: string): false {
    this.#isOver = true;
    return this.#fail(code, message, null);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface NumberedLine {
  readonly number: number;
  readonly line: Buffer;
}

/** Without those that are empty: a file of nothing else has hundreds of millions, and each that is handed on takes a turn. */
async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<NumberedLine> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, at)) {
      number++;
      if (!isBlank(bytes, at, end)) yield { number, line: bytes.subarray(at, end) };
      at = end + 1;
    }
    rest = bytes.subarray(at);
    // A line that does not end is no line: what is kept of it is bounded, and what is cut off makes it no JSON.
    if (rest.length > LINE_BYTES_MAX) rest = rest.subarray(0, 1);
  }
  if (!isBlank(rest, 0, rest.length)) yield { number: number + 1, line: rest };
}

/** By the white space of JSON. */
function isBlank(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  }
  return true;
}
