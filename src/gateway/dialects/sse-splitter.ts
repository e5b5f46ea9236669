import { Problem } from '../../kit/index.ts';

export interface SseFrame {
  /** Exact bytes of the frame with its blank line. */
  readonly bytes: Uint8Array;
  /** The joined `data` lines, or null for a comment or an empty frame. */
  readonly data: string | null;
}

/** A single event larger than this is not a delta. Bytes. */
const MAX_FRAME_BYTES = 4_000_000;
const LF = 10;
const CR = 13;

/** Splits a stream of server-sent events at blank lines, in any chunking. https://html.spec.whatwg.org/#event-stream-interpretation */
export function sseSplitter(): (chunk: Uint8Array) => SseFrame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const bytes = rest.length === 0 ? view : Buffer.concat([rest, view]);
    const frames: SseFrame[] = [];
    let start = 0;
    // The last three bytes of the rest may be the start of a blank line.
    for (let end = frameEnd(bytes, Math.max(0, rest.length - 3)); end > 0; end = frameEnd(bytes, start)) {
      const frame = bytes.subarray(start, end);
      frames.push({ bytes: frame, data: readData(frame) });
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

function readData(frame: Buffer): string | null {
  const text = frame.toString('utf8');
  if (text.startsWith('data:')) {
    const end = text.indexOf('\n');
    // The usual frame has one data line and nothing else.
    if (/^\r?\n\r?\n?$/.test(text.slice(end))) return text.slice(5, end).trim();
  }
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.length === 0 ? null : lines.map((line) => line.slice(5).trim()).join('\n');
}
