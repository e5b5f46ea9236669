import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type WrittenLog, writtenLog } from '../../../test/written-log.ts';
import { equalBytes, fromUtf8, sha256, utf8 } from '../../kit/index.ts';
import { type LogOptions, verifyLog } from './verify-log.ts';

const check = ({ files, log }: WrittenLog, options: LogOptions = {}) =>
  verifyLog({ read: async (path) => files.get(path) ?? null }, log, { sha256, ...options });

function damaged(written: WrittenLog, path: string, change: (bytes: Uint8Array) => Uint8Array | null): WrittenLog {
  const files = new Map(written.files);
  const bytes = change((files.get(path) as Uint8Array).slice());
  if (bytes === null) files.delete(path);
  else files.set(path, bytes);
  return { ...written, files };
}

const flip = (at: number) => (bytes: Uint8Array) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const checkpointOf = ({ files }: WrittenLog) => fromUtf8(files.get('checkpoint') as Uint8Array);

const sizes = [0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 70_000];
const logs = new Map(sizes.map((size) => [size, writtenLog(size)]));
const logOf = (size: number) => logs.get(size) as WrittenLog;

test('a log of any shape holds, and every tile of it was read', async () => {
  for (const size of sizes) {
    const written = logOf(size);
    const verdict = await check(written);
    const tiles = [...written.files.keys()].filter((path) => /^tile\/\d/.test(path)).length;
    assert.ok(verdict.kind === 'holds', JSON.stringify(verdict));
    assert.deepEqual([verdict.size, verdict.entries, verdict.tiles], [size, size, tiles]);
    assert.ok(equalBytes(verdict.root, written.root));
  }
});

test('WebCrypto comes to the same end', async () => {
  const written = logOf(257);
  assert.equal((await verifyLog({ read: async (path) => written.files.get(path) ?? null }, written.log)).kind, 'holds');
});

test('any flipped bit of any file is found, and the place is named', async () => {
  const written = writtenLog(300);
  const paths = [...written.files.keys()];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), async (path, some) => {
      const at = some % (written.files.get(path) as Uint8Array).length;
      const verdict = await check(damaged(written, path, flip(at)));
      assert.equal(verdict.kind, 'fails', `${path} byte ${at}`);
      assert.ok(verdict.kind === 'fails' && verdict.place.split(' ')[0] === path, JSON.stringify(verdict));
    }),
    { numRuns: 150 },
  );
});

test('the entry or hash that is wrong is named by its number', async () => {
  const places: [size: number, path: string, at: number, place: string][] = [
    [70_000, 'tile/entries/001', 10, 'tile/entries/001 entry 256'],
    [70_000, 'tile/entries/273.p/112', 10, 'tile/entries/273.p/112 entry 69888'],
    [70_000, 'tile/0/200', 33, 'tile/0/200 hash 1'],
    [70_000, 'tile/0/273.p/112', 0, 'tile/0/273.p/112 hash 0'],
    [70_000, 'tile/1/000', 64, 'tile/1/000 hash 2'],
    [70_000, 'tile/1/001.p/17', 0, 'tile/1/001.p/17 hash 0'],
    [70_000, 'tile/2/000.p/1', 31, 'tile/2/000.p/1 hash 0'],
    [65_536, 'tile/2/000.p/1', 0, 'tile/2/000.p/1 hash 0'],
    [256, 'tile/1/000.p/1', 0, 'tile/1/000.p/1 hash 0'],
    [256, 'checkpoint', 40, 'checkpoint'],
  ];
  for (const [size, path, at, place] of places) {
    const verdict = await check(damaged(logOf(size), path, flip(at)));
    assert.equal(verdict.kind === 'fails' ? verdict.place : 'holds', place);
  }
});

test('a file that is missing, cut or too long is named', async () => {
  const written = logOf(257);
  for (const path of written.files.keys()) {
    for (const change of [
      () => null,
      (bytes: Uint8Array) => bytes.slice(0, -1),
      (bytes: Uint8Array) => Uint8Array.of(...bytes, 0),
    ]) {
      const verdict = await check(damaged(written, path, change));
      assert.equal(verdict.kind === 'fails' ? verdict.place.split(' ')[0] : 'holds', path);
    }
  }
});

test('a log continues every checkpoint that it ever showed, and none of another history', async () => {
  const now = logOf(70_000);
  for (const size of [0, 256, 257, 65_536])
    assert.equal((await check(now, { older: checkpointOf(logOf(size)) })).kind, 'holds');
  const other = checkpointOf(writtenLog(300, (index) => utf8(`entry ${index === 7 ? 'forged' : index}`)));
  const forked = await check(now, { older: other });
  assert.ok(forked.kind === 'fails' && /first 300 entries/.test(forked.reason));
  const rolledBack = await check(logOf(257), { older: checkpointOf(now) });
  assert.ok(rolledBack.kind === 'fails' && /had 70000 entries/.test(rolledBack.reason));
  const spoilt = await check(now, { older: checkpointOf(now).replace('70000', '70001') });
  assert.ok(spoilt.kind === 'fails' && spoilt.place === 'the older checkpoint');
});

test('progress is told to the last entry', async () => {
  const told: number[] = [];
  await check(logOf(257), { onProgress: (done, size) => told.push(done, size) });
  assert.deepEqual(told, [256, 257, 257, 257]);
});

test('a source that cannot be reached is an error of its own, not a verdict', async () => {
  const read = () => Promise.reject(new Error('unreachable'));
  await assert.rejects(verifyLog({ read }, logOf(1).log), /unreachable/);
});
