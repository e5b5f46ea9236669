/** What the files of a tenant have together: bounded while they come, free again when they go. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { systemClock, wrappingKey } from '../src/kit/index.ts';
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

const put = (tenant: string, count: number) =>
  files.receive(
    { tenant, keptFor: { retentionDays: 30 }, name: 'a', bytesMax: 100_000_000, storedBytesMax: 40_000_000 },
    megabytes(count),
  );

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
