import { fromUtf8 } from '../kit/index.ts';
import type { CharterError } from './charter-error.ts';
import { MAX_FILE_BYTES } from './read-charter-folder.ts';
import type { Place } from './read-yaml.ts';

// Control characters but tab and line ends, zero-width and direction marks (Persian needs U+200C and U+200D).
const invisible = /[^\P{Cc}\t\n\r]|[\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** The text of a file, or why it is none. Byte order marks and control characters hide things from a reader. */
export function decodeText(file: string, bytes: Uint8Array): string | CharterError {
  const at = (place: Place, found: string, expected: string): CharterError => ({ file, ...place, found, expected });
  const start = { line: 1, column: 1 };
  if (bytes.length > MAX_FILE_BYTES) {
    return at(start, `more than ${MAX_FILE_BYTES} bytes`, `at most ${MAX_FILE_BYTES} bytes in one file`);
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return at(start, 'a byte order mark', 'UTF-8 without a byte order mark');
  }
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    return at(positionOf(firstBadPrefix(bytes)), 'bytes that are not UTF-8', 'text in UTF-8');
  }
  if (text.trim() === '') return at(start, 'an empty file', 'the content that docs/spec/charter.md describes');
  const hidden = invisible.exec(text);
  if (hidden !== null) {
    const code = (hidden[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return at(positionOf(text.slice(0, hidden.index)), `the invisible character U+${code}`, 'visible characters only');
  }
  return text;
}

/** Line and column just after `prefix`, both from 1. */
export function positionOf(prefix: string): Place {
  const lineStart = prefix.lastIndexOf('\n') + 1;
  return { line: prefix.split('\n').length, column: prefix.length - lineStart + 1 };
}

/** The text before the first malformed byte, found by halving. */
function firstBadPrefix(bytes: Uint8Array): string {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const encoded = new TextEncoder().encode(lenient);
  let same = 0;
  while (same < bytes.length && bytes[same] === encoded[same]) same++;
  // U+FFFD itself may be in the file; the first difference is at or after the first bad byte.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, same)).replace(/\ufffd$/, '');
}
