import { Problem, utf8 } from '../../kit/index.ts';

/** An event that a client would see. */
export interface SseFrame {
  /** Exact bytes of the event with its blank line; without the lines that every reader ignores. */
  readonly bytes: Uint8Array;
  /** Its name, or null when it has none. */
  readonly event: string | null;
  /** The joined `data` lines. */
  readonly data: string;
}

/** A single event larger than this is not a delta. Bytes. */
const MAX_FRAME_BYTES = 4_000_000;
const LF = 10;
const CR = 13;
const BOM = Buffer.from('\ufeff');

/**
 * Splits a stream of server-sent events at blank lines, in any chunking. What no client sees gives no frame: comments, and
 * events without data. https://html.spec.whatwg.org/#event-stream-interpretation
 *
 * The function it returns throws a Problem `upstream-failed` at an event that does not end, and at a carriage return alone:
 * it ends a line too, some readers do not know that, and nobody writes it.
 */
export function sseSplitter(): (chunk: Uint8Array) => SseFrame[] {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  return (chunk) => {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const bytes = rest.length === 0 ? view : Buffer.concat([rest, view]);
    const hasReturns = bytes.includes(CR);
    const frames: SseFrame[] = [];
    let start = 0;
    // The last three bytes of the rest may be the start of a blank line.
    for (let end = frameEnd(bytes, Math.max(0, rest.length - 3)); end > 0; end = frameEnd(bytes, start)) {
      let piece = bytes.subarray(start, end);
      if (isFirst) piece = withoutMark(piece);
      isFirst = false;
      const frame = readFrame(piece, hasReturns);
      if (frame !== null) frames.push(frame);
      start = end;
    }
    rest = bytes.subarray(start);
    if (rest.length > MAX_FRAME_BYTES)
      throw new Problem('upstream-failed', 'the model sent an event that does not end');
    return frames;
  };
}

/** The offset just after the first blank line at or behind `from`, or 0. */
function frameEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return 0;
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.indexOf(BOM) === 0 ? bytes.subarray(BOM.length) : bytes;
}

/** Null when it is no event. */
function readFrame(bytes: Buffer, hasReturns: boolean): SseFrame | null {
  const text = bytes.toString('utf8');
  if (hasReturns && /\r(?!\n)/.test(text))
    throw new Problem('upstream-failed', 'the model sent something that is no stream of events');
  const end = text.indexOf('\n');
  // The usual frame has one data line and nothing else: behind it is the blank line.
  if (text.startsWith('data:') && text.length - end <= (text[end + 1] === '\r' ? 3 : 2))
    return { bytes, event: null, data: text.slice(5, end).trim() };
  return readLines(bytes, text.split(/\r?\n/));
}

const FIELD = /^(data|event|id|retry)(?::|$)/;

function readLines(bytes: Buffer, lines: readonly string[]): SseFrame | null {
  const kept: string[] = [];
  const data: string[] = [];
  let event: string | null = null;
  let isPure = true;
  for (const line of lines) {
    const name = FIELD.exec(line)?.[1];
    if (name !== undefined) kept.push(line);
    else if (line !== '') isPure = false;
    if (name === 'data') data.push(line.slice(5).trim());
    if (name === 'event') event = line.slice(6).trim();
  }
  if (data.length === 0) return null;
  // Comments are an upstream's own words, and lines that nobody reads are comments by another name.
  return { bytes: isPure ? bytes : utf8(`${kept.join('\n')}\n\n`), event, data: data.join('\n') };
}
