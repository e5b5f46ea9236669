import { type CharterError, positionOf } from '../charter/index.ts';
import type { PolicyPiece } from './split-policies.ts';

export interface PolicySource {
  /** Path of the file, as errors name it. */
  readonly file: string;
  readonly text: string;
  readonly piece: PolicyPiece;
}

type Phrase = Pick<CharterError, 'found' | 'expected'> & { readonly nearest?: string | undefined };

const annotationsAbove = /^(?:\s|\/\/[^\n]*\n|@\w+(?:\s*\(\s*"(?:[^"\\]|\\.)*"\s*\))?)*/;

/** An error at an annotation: at `needle` when the policy has it, else at the policy's own first word. */
export function errorAtAnnotation(source: PolicySource, needle: string, phrase: Phrase): CharterError {
  const above = annotationsAbove.exec(source.piece.text)?.[0] ?? '';
  const inside = above.indexOf(needle);
  return place(source, source.piece.start + (inside < 0 ? above.length : inside), phrase);
}

/** An error below the annotations: at `needle` when it stands there, else at the policy's first word. */
export function errorAt(source: PolicySource, needle: string, phrase: Phrase): CharterError {
  const above = annotationsAbove.exec(source.piece.text)?.[0].length ?? 0;
  const inside = Math.max(above, source.piece.text.indexOf(needle, above));
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
