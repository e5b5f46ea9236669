import { type Detection, detect, detectPlain } from './detect.ts';
import { normalize } from './normalize-text.ts';

/** Characters that are looked at in one turn of the event loop: a millisecond or two, whatever they are. */
const TURN_CHARS = 8_192;
/** Letters that stand for up to eighteen others are taken in steps that are so much smaller; the first step does not know yet. */
const STEP_LEAST_CHARS = 512;
/** A word as long as this is cut wherever it is. */
const WORD_CHARS_MAX = 65_536;
/** More than any identifier has: what stands on a border is seen whole in the piece behind it. */
const OVERLAP_CHARS = 512;
/** How far a better border is looked for. */
const BORDER_CHARS = 512;
/** What never becomes one character with what stands before it, as marks, syllables of Hangul and half-width voicing do. */
const opens = /^[^\p{M}\p{Cf}\u1100-\u11ff\uff9e-\uffdc\udc00-\udfff]/u;

/** Whether texts of this length together are worth a promise. */
export function isLong(texts: readonly string[]): boolean {
  let chars = 0;
  for (const text of texts) chars += text.length;
  return chars > TURN_CHARS;
}

/**
 * The caveats of `detect` for long texts, without holding up others: other requests have their turn between pieces. Ends with the first
 * piece that has any, since all identifiers carry the same.
 */
export async function detectInTurns(texts: readonly string[]): Promise<Detection['caveats']> {
  let chars = 0;
  for (const text of texts) {
    for (const { caveats, length } of detectPieces(text)) {
      if (caveats.length > 0) return caveats;
      chars += length;
      if (chars < TURN_CHARS) continue;
      chars = 0;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  return [];
}

interface Piece {
  readonly caveats: Detection['caveats'];
  readonly length: number;
}

function* detectPieces(text: string): Generator<Piece> {
  if (text.length <= TURN_CHARS) yield { caveats: detect(text).caveats, length: text.length };
  else for (const plain of cutPlain(text)) yield { caveats: detectPlain(plain).caveats, length: TURN_CHARS };
}

/**
 * The text as detectors read it, in pieces that overlap; an empty one after a turn's work that completed none. Normalized first: what is
 * invisible stretches an identifier over any border.
 */
function* cutPlain(text: string): Generator<string> {
  let plain = '';
  let step = STEP_LEAST_CHARS;
  for (let from = 0; from < text.length; ) {
    const end = endOfPiece(text, from + step);
    const seen = plain.length;
    const more = normalize(text.slice(from, end));
    step = Math.max(STEP_LEAST_CHARS, Math.floor((TURN_CHARS * (end - from)) / Math.max(end - from, more.length)));
    plain += more;
    from = end;
    if (from === text.length) break;
    const gap = lastGap(plain, plain.length - 1, seen);
    if (gap === null && plain.length < WORD_CHARS_MAX) {
      yield '';
      continue;
    }
    const border = gap ?? plain.length;
    yield plain.slice(0, border);
    const start = Math.max(0, border - OVERLAP_CHARS);
    plain = plain.slice(lastGap(plain, start, Math.max(0, start - BORDER_CHARS)) ?? start);
  }
  yield plain;
}

/** Where normalizing both sides alone gives what normalizing the whole does. */
function endOfPiece(text: string, from: number): number {
  for (let at = from; at < Math.min(text.length, from + BORDER_CHARS); at++) {
    if (opens.test(text.slice(at, at + 2))) return at;
  }
  return Math.min(text.length, from);
}

/** A space or line's end: groups of digits end there, and no identifier is another one for being cut there. */
function lastGap(plain: string, from: number, least: number): number | null {
  for (let at = from; at >= least; at--) {
    const code = plain.charCodeAt(at);
    if (code === 32 || code === 10) return at;
  }
  return null;
}
