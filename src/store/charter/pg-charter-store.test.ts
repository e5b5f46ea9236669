import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { editedBytes, exampleBytes, type FileEdit } from '../../../test/charter-files.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { adoptCharter, charterDigest } from '../../charter/index.ts';
import type { AdoptionRecord, CharterStore } from '../../charter/ports.ts';
import type { CharterBytes } from '../../charter/schema.ts';
import { checkCharter, readRedLineSets } from '../../policy/index.ts';
import { type Database, openDatabase } from '../database.ts';
import { openListener } from '../open-listener.ts';
import { CHARTER_CHANNEL, openCharterStore } from './pg-charter-store.ts';

let server: TestDatabase;
let database: Database<never>;
let store: CharterStore;
let wallMs = 1_795_000_000_000;

before(async () => {
  server = await createTestDatabase();
  database = openDatabase<never>({ url: server.url, role: 'test', connections: 4 });
  store = openCharterStore(database.pool);
});

beforeEach(async () => {
  // History is kept by triggers; only a test may empty it.
  await database.pool.query('TRUNCATE charter_version, charter_file, charter_adoption');
});

after(async () => {
  await database.close();
  await server.drop();
});

const redLines = readRedLineSets();
const clock = { wallMs: () => wallMs++, monotonicMs: () => 0 };
const adopt = (bytes: CharterBytes) =>
  adoptCharter(bytes, { store, clock, check: (files) => checkCharter(files, redLines) });

function charterWith(...edits: FileEdit[]): CharterBytes {
  return editedBytes({ 'charter.yaml': edits });
}

test('a version comes back with its exact bytes, and its digest still fits', async () => {
  const bytes = exampleBytes();
  const adoption = await adopt(bytes);
  assert.equal(adoption.kind, 'adopted');
  const current = await store.currentVersion();
  assert.equal(current?.digest, charterDigest(bytes));
  const loaded = await store.loadVersion(charterDigest(bytes));
  assert.deepEqual(loaded, new Map([...bytes].sort(([a], [b]) => (a < b ? -1 : 1))));
  assert.equal(charterDigest(loaded ?? new Map()), charterDigest(bytes));
  assert.equal(await store.loadVersion('0'.repeat(64)), null);
});

test('an example is adopted at once, tells every listener, and a second time changes nothing', async () => {
  const heard: string[] = [];
  const listener = await openListener({ url: server.url, role: 'test', channels: [CHARTER_CHANNEL] });
  const told = new Promise<void>((resolve) => {
    listener.on(CHARTER_CHANNEL, (payload) => {
      heard.push(payload);
      resolve();
    });
  });
  try {
    const bytes = exampleBytes();
    assert.equal((await adopt(bytes)).kind, 'adopted');
    assert.equal((await adopt(bytes)).kind, 'unchanged');
    await told;
    assert.deepEqual(heard, [charterDigest(bytes)]);
    assert.equal((await store.history()).length, 1);
  } finally {
    await listener.close();
  }
});

test('an adoption says what changed and what came before', async () => {
  await adopt(exampleBytes());
  const bytes = editedBytes({
    'tenants.yaml': ['requestsPerMinute: 60,', 'requestsPerMinute: 30,'],
    'policies/extra.cedar': '// nothing yet\n',
  });
  const adoption = await adopt(bytes);
  assert.equal(adoption.kind, 'adopted');
  if (adoption.kind !== 'adopted') return;
  assert.deepEqual(adoption.changes, { added: ['policies/extra.cedar'], changed: ['tenants.yaml'], removed: [] });
  const { time, size, ...record } = adoption.record;
  assert.match(time, /^20\d\d-.*Z$/);
  assert.equal(
    size,
    [...bytes.values()].reduce((total, content) => total + content.length, 0),
  );
  assert.deepEqual(record, {
    type: 'charter.adopted',
    id: charterDigest(bytes),
    sha256: charterDigest(bytes),
    country: 'EE',
    status: 'example',
    quorum: 0,
    previous: charterDigest(exampleBytes()),
  });
});

test('a charter with mistakes is refused and the old one stays', async () => {
  await adopt(exampleBytes());
  const adoption = await adopt(charterWith(['currency: EUR', 'curency: EUR']));
  assert.equal(adoption.kind, 'invalid');
  assert.equal((await store.currentVersion())?.digest, charterDigest(exampleBytes()));
  assert.equal((await store.history()).length, 1);
});

test('a charter with a quorum waits for its signatures, also when it is proposed again', async () => {
  const bytes = charterWith(['status: example', 'status: draft'], ['quorum: 0', 'quorum: 2']);
  for (const _ of ['at first', 'after a restart']) {
    const adoption = await adopt(bytes);
    assert.deepEqual([adoption.kind, adoption.kind === 'waiting' && adoption.signaturesNeeded], ['waiting', 2]);
  }
  assert.equal(await store.currentVersion(), null);
  assert.deepEqual(
    (await store.history()).map(({ adoptedAtMs }) => adoptedAtMs),
    [null],
  );
});

function recordFor(digest: string): AdoptionRecord {
  return {
    type: 'charter.adopted',
    id: digest,
    time: '2026-11-23T00:00:00Z',
    sha256: digest,
    size: 1,
    country: 'EE',
    status: 'adopted',
    quorum: 3,
    previous: null,
  };
}

test('files that set their own quorum to 0 do not free themselves from the charter in force', async () => {
  const bound = charterWith(['status: example', 'status: adopted'], ['quorum: 0', 'quorum: 3']);
  await adopt(bound);
  // Its signatures came.
  await store.adopt(charterDigest(bound), clock.wallMs(), recordFor(charterDigest(bound)));
  for (const loosened of [exampleBytes(), charterWith(['status: example', 'status: adopted'])]) {
    const adoption = await adopt(loosened);
    assert.deepEqual([adoption.kind, adoption.kind === 'waiting' && adoption.signaturesNeeded], ['waiting', 3]);
  }
  assert.equal((await store.currentVersion())?.digest, charterDigest(bound));
});

test('an older version can be adopted again, and the history keeps every adoption', async () => {
  const other = charterWith(['currency: EUR', 'currency: SEK']);
  for (const bytes of [exampleBytes(), other, exampleBytes()]) assert.equal((await adopt(bytes)).kind, 'adopted');
  assert.equal((await store.currentVersion())?.digest, charterDigest(exampleBytes()));
  const digests = (await store.history()).map(({ digest }) => digest);
  assert.deepEqual(digests, [exampleBytes(), other, exampleBytes()].map(charterDigest));
});

test('a stored charter cannot be changed or deleted', async () => {
  await adopt(exampleBytes());
  for (const statement of [
    "UPDATE charter_file SET content = ''",
    'DELETE FROM charter_adoption',
    'DELETE FROM charter_version',
  ]) {
    await assert.rejects(database.pool.query(statement), /never changed/);
  }
});

test('an unknown digest cannot be adopted', async () => {
  const { rows: before } = await database.pool.query('SELECT count(*) FROM pending');
  await assert.rejects(store.adopt('0'.repeat(64), 0, recordFor('0'.repeat(64))), /foreign key/);
  const { rows: then } = await database.pool.query('SELECT count(*) FROM pending');
  assert.deepEqual(then, before, 'nothing is announced');
});
