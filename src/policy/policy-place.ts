import { type CharterError, positionOf } from '../charter/index.ts';
import type { PolicyPiece } from './split-policies.ts';

export interface PolicySource {
  /** Path of the file, as errors name it. */
  readonly file: string;
  readonly text: string;
  readonly piece: PolicyPiece;
}

type Phrase = Pick<CharterError, 'found' | 'expected'> & { readonly nearest?: string | undefined };

/** An error at a place of a policy: at `needle` when the policy contains it, else at its first character. */
export function errorAt(source: PolicySource, needle: string, phrase: Phrase): CharterError {
  const inside = Math.max(0, source.piece.text.indexOf(needle));
  return place(source, source.piece.start + inside, phrase);
}

/** Cedar counts in bytes of UTF-8, people in characters. */
export function errorAtByte(source: PolicySource, byte: number, phrase: Phrase): CharterError {
  const prefix = Buffer.from(source.piece.text, 'utf8').subarray(0, byte).toString('utf8');
  return place(source, source.piece.start + prefix.length, phrase);
}

function place(source: PolicySource, index: number, { found, expected, nearest }: Phrase): CharterError {
  const at = positionOf(source.text.slice(0, index));
  return { file: source.file, ...at, found, expected, ...(nearest === undefined ? {} : { nearest }) };
}
