/** tlog-proof: an inclusion proof as text. No Node import. https://c2sp.org/tlog-proof */
import { fromBase64, toBase64 } from '../kit/browser.ts';

const MAGIC = 'c2sp.org/tlog-proof@v1';

export interface TlogProof {
  readonly index: number;
  /** From the leaf's sibling upwards. */
  readonly hashes: readonly Uint8Array[];
  /** Verbatim, with all signatures. */
  readonly checkpoint: string;
}

export function formatTlogProof({ index, hashes, checkpoint }: TlogProof): string {
  return `${MAGIC}\nindex ${index}\n${hashes.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`;
}

/** @throws Error that says what is wrong */
export function parseTlogProof(text: string): TlogProof {
  const blank = text.indexOf('\n\n');
  if (blank < 0) throw new Error('the proof has no checkpoint');
  const lines = text.slice(0, blank).split('\n');
  if (lines.shift() !== MAGIC) throw new Error(`the proof does not begin with ${MAGIC}`);
  // `extra` is allowed by the format, is signed by nobody and means nothing here.
  if (lines[0]?.startsWith('extra ')) fromBase64((lines.shift() as string).slice(6));
  const match = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '');
  const index = Number(match?.[1]);
  if (match === null || !Number.isSafeInteger(index)) throw new Error('the proof has no canonical index');
  if (lines.length > 63) throw new Error('the proof is longer than any tree is high');
  const hashes = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash.length !== 32) throw new Error('a hash of the proof has not 32 bytes');
    return hash;
  });
  return { index, hashes, checkpoint: text.slice(blank + 2) };
}
