import { utf8 } from '../src/kit/index.ts';
import {
  appendEntries,
  emptyEdge,
  formatPolicy,
  formatTreeHead,
  pathOf,
  signingKey,
  signNote,
  verifierKey,
} from '../src/ledger/index.ts';
import type { TrustedLog } from '../src/ledger/verify/index.ts';

export interface WrittenLog {
  /** Bytes by path below the prefix: one checkpoint and exactly its tiles. */
  readonly files: Map<string, Uint8Array>;
  readonly log: TrustedLog;
  readonly root: Uint8Array;
}

const origin = 'test.example/log/decisions-2026h2';
const key = signingKey(new Uint8Array(32).fill(7));

/** A log as `polity log export` writes it; entry n is the UTF-8 of `entry <n>`, or what is given. */
export function writtenLog(size: number, entryOf = (index: number) => utf8(`entry ${index}`)): WrittenLog {
  const entries = Array.from({ length: size }, (_, index) => entryOf(index));
  const { root, tiles, bundles } = appendEntries(emptyEdge, entries);
  const files = new Map<string, Uint8Array>();
  for (const tile of tiles) files.set(pathOf({ kind: 'tile', ...tile }), tile.bytes);
  for (const bundle of bundles) files.set(pathOf({ kind: 'entries', ...bundle }), bundle.bytes);
  files.set('checkpoint', utf8(signNote(formatTreeHead({ origin, size, root }), origin, key)));
  const vkeys = [verifierKey(origin, key)];
  return { files, root, log: { name: 'decisions-2026h2', origin, vkeys, policy: formatPolicy(vkeys) } };
}
