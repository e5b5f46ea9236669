/** Go's own transparency code on logs that ours has written, and on one that is served. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  appendEntries,
  emptyEdge,
  formatTreeHead,
  pathOf,
  signingKey,
  signNote,
  verifierKey,
} from '../src/ledger/index.ts';
import { root } from './start-polity.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
const options = { skip: hasGo ? false : 'there is no Go on this machine' };
const origin = 'test.example/go/decisions-2026h2';
const key = signingKey(new Uint8Array(32).fill(7));
const vkey = verifierKey(origin, key);
let folder: string;
let program: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'polity-go-'));
  program = join(folder, 'verifier');
  if (!hasGo) return;
  const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: join(root, 'test/go'), encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A log of this size as `polity log export` writes it. */
function writeLog(size: number): string {
  const target = join(folder, `log-${size}`);
  const entries = Array.from({ length: size }, (_, i) => new TextEncoder().encode(`entry ${i}`));
  const { edge, root: head, tiles, bundles } = appendEntries(emptyEdge, entries);
  const write = (path: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), bytes);
  };
  for (const tile of tiles) write(pathOf({ kind: 'tile', ...tile }), tile.bytes);
  for (const bundle of bundles) write(pathOf({ kind: 'entries', ...bundle }), bundle.bytes);
  write('checkpoint', signNote(formatTreeHead({ origin, size: edge.size, root: head }), origin, key));
  return target;
}

const check = (log: string) => spawnSync(program, [log, vkey], { encoding: 'utf8' });

test('Go accepts logs of every shape', options, () => {
  for (const size of [0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 70_000]) {
    const { status, stdout, stderr } = check(writeLog(size));
    assert.equal(status, 0, `${size}: ${stderr}`);
    assert.match(stdout, new RegExp(`accepted: ${size} entries`));
  }
});

test('Go rejects a log with one flipped byte in an entry, a tile or the checkpoint', options, () => {
  for (const path of ['tile/entries/000', 'tile/0/001.p/44', 'tile/1/000.p/1', 'checkpoint']) {
    const log = writeLog(300);
    const bytes = readFileSync(join(log, path));
    bytes[20] = (bytes[20] as number) ^ 1;
    writeFileSync(join(log, path), bytes);
    assert.equal(check(log).status, 1, path);
  }
});
