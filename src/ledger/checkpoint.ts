/** Checkpoints (C2SP tlog-checkpoint): the text of a signed tree head. No Node import. */
import { fromBase64, toBase64 } from '../kit/browser.ts';
import { parseNote } from './note.ts';

export interface TreeHead {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** Three lines, no extension lines: those would not be covered by every kind of cosignature. */
export function formatTreeHead({ origin, size, root }: TreeHead): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Reads the body of a checkpoint. Extension lines are allowed and ignored. @throws Error that says what is wrong */
export function parseTreeHead(text: string): TreeHead {
  const [origin = '', decimal = '', base64 = '', ...rest] = text.split('\n');
  if (!text.endsWith('\n') || rest.length === 0) throw new Error('the checkpoint has fewer than three lines');
  if (origin === '') throw new Error('the checkpoint has no origin');
  if (rest.slice(0, -1).includes('')) throw new Error('the checkpoint has an empty line');
  if (!/^(0|[1-9]\d{0,15})$/.test(decimal))
    throw new Error(`the size \`${decimal.slice(0, 20)}\` is not a canonical number`);
  const size = Number(decimal);
  if (!Number.isSafeInteger(size)) throw new Error('the size is beyond 2^53');
  const root = fromBase64(base64);
  if (root.length !== 32) throw new Error('the root is not a SHA-256 hash');
  return { origin, size, root };
}

/** The head of a whole checkpoint, without checking any signature. */
export function readCheckpointHead(checkpoint: string): TreeHead {
  return parseTreeHead(parseNote(checkpoint).text);
}
