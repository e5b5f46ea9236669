/** What the files of a tenant have together: bounded while they come, free again when they go. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { receiveUpload } from '../src/api/receive-upload.ts';
import { type Problem, systemClock, wrappingKey } from '../src/kit/index.ts';
import { type Database, openDatabase, openVaultStore } from '../src/store/index.ts';
import { FileDesk, TenantKeys } from '../src/vault/index.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let made: TestDatabase;
let database: Database<never>;
let files: FileDesk;

before(async () => {
  made = await createTestDatabase();
  database = openDatabase<never>({ url: made.url, role: 'test', connections: 4 });
  const store = openVaultStore(database.pool);
  const keys = new TenantKeys({ store, kek: wrappingKey(randomBytes(32)), clock: systemClock });
  files = new FileDesk({ store, keys, clock: systemClock });
});
after(async () => {
  await database.close();
  await made.drop();
});

async function* megabytes(count: number) {
  for (let number = 0; number < count; number++) yield randomBytes(1_000_000);
}

const stored = { storedBytesMax: 40_000_000, storedCountMax: 100 };
const put = (tenant: string, count: number, bounds: Partial<typeof stored> = {}) =>
  files.receive(
    { tenant, keptFor: { retentionDays: 30 }, name: 'a', bytesMax: 100_000_000, room: { ...stored, ...bounds } },
    megabytes(count),
  );

test('an upload whose client leaves while its key is looked up ends, and does not wait for a form that never comes', async () => {
  const ended = Promise.withResolvers<unknown>();
  const server = createServer((request, response) => {
    const owner = { tenant: 'agency', keptFor: { retentionDays: 30 }, bodyStallMs: 1_000 };
    const memory = { hold: { take: () => null }, heldBytesMax: 1_000_000 };
    const bounds = { bytesMax: 1_000_000, room: stored, memory };
    const receive = () => void receiveUpload(request, { ...owner, ...bounds }, files).catch(ended.resolve);
    response.once('close', () => setTimeout(receive, 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const head =
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 900\r\n\r\n';
  socket.write(`${head}--b\r\n`, () => socket.resetAndDestroy());
  try {
    const late = delay(5_000, 'it waits', { ref: false });
    assert.equal(((await Promise.race([ended.promise, late])) as Problem).code, 'request-timeout');
  } finally {
    server.close();
  }
});

test('files of one tenant have so much room together; nothing stays of one that has none, and what is deleted makes room', async () => {
  const first = await put('agency', 30);
  await files.publish(first, { purpose: 'user_data' });
  await assert.rejects(put('agency', 30), {
    code: 'body-too-large',
    message: /may have 40000000 bytes together and have \d+; delete some/,
  });
  const { rows } = await database.pool.query('SELECT sum(size_bytes) AS bytes FROM vault_file');
  assert.equal(Number(rows[0].bytes), 30_000_000);
  await put('school', 30);
  await files.delete('agency', first.id);
  assert.equal((await put('agency', 30)).sizeBytes, 30_000_000);
});

test('files without a byte are bounded in number too, each tenant by its own; nothing stays of one too many', async () => {
  for (let number = 0; number < 10; number++) await put('ministry', 0, { storedCountMax: 10 });
  await assert.rejects(put('ministry', 0, { storedCountMax: 10 }), {
    code: 'body-too-large',
    message: /may have 10 files and batches together and has them; delete files/,
  });
  const { rows } = await database.pool.query("SELECT id FROM vault_file WHERE tenant = 'ministry'");
  assert.equal(rows.length, 10);
  await put('startup', 0, { storedCountMax: 10 });
  await files.delete('ministry', rows[0].id);
  await put('ministry', 0, { storedCountMax: 10 });
});

test('an upload in hundreds of thousands of chunks of one byte is refused, and nothing of it stays', async () => {
  const ended = Promise.withResolvers<unknown>();
  const server = createServer((request) => {
    const owner = {
      tenant: 'crumbs',
      keptFor: { retentionDays: 30 },
      bytesMax: 1_000_000,
      room: stored,
      bodyStallMs: 5_000,
    };
    const memory = { hold: { take: () => null }, heldBytesMax: 10_000_000 };
    receiveUpload(request, { ...owner, memory }, files).then(ended.resolve, ended.resolve);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\n';
  socket.write(`${head}transfer-encoding: chunked\r\n\r\n${part.length.toString(16)}\r\n${part}\r\n`);
  socket.write('1\r\nx\r\n'.repeat(200_000));
  try {
    const late = delay(4_000, 'it goes on', { ref: false });
    assert.equal(((await Promise.race([ended.promise, late])) as Problem).code, 'invalid-request');
    const { rows } = await database.pool.query("SELECT id FROM vault_file WHERE tenant = 'crumbs'");
    assert.deepEqual(rows, []);
  } finally {
    socket.destroy();
    server.close();
  }
});
