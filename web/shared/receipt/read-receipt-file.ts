import type { ReceiptView } from '../../../src/ledger/verify/index.ts';

/** A receipt is some kilobytes; nobody waits for a film to be read. Bytes. */
const SIZE_MAX = 1_000_000;
const TEXTS = ['log', 'index', 'leaf', 'salt', 'proof'] as const;

/** A receipt out of a file that somebody saved, or null when the file is none. Nothing in it is believed by this. */
export async function readReceiptFile(file: Blob): Promise<ReceiptView | null> {
  if (file.size > SIZE_MAX) return null;
  try {
    const read = JSON.parse(await file.text()) as Record<string, unknown> | null;
    return isReceipt(read) ? (read as unknown as ReceiptView) : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

function isReceipt(read: Record<string, unknown> | null): boolean {
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return false;
  if (typeof read.id !== 'string' || !/^[0-9a-f]{32}$/.test(read.id)) return false;
  if (typeof read.state !== 'string' || read.state === 'open' || read.state === 'erased') return false;
  if (TEXTS.some((name) => read[name] !== null && typeof read[name] !== 'string')) return false;
  return typeof (read.statement as { payload?: unknown } | null)?.payload === 'string';
}
