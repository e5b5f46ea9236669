import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createTestDatabase } from '../../../test/database.ts';
import { Problem } from '../../kit/index.ts';
import { openDatabase } from '../database.ts';
import { openKeyFolder } from './key-folder.ts';
import { prepareWrappingKey } from './prepare-wrapping-key.ts';

const server = await createTestDatabase();
const { pool, close } = openDatabase<never>({ url: server.url, role: 'test', connections: 2 });
const dataDir = mkdtempSync(join(tmpdir(), 'polity-kek-'));
after(async () => {
  await close();
  await server.drop();
  rmSync(dataDir, { recursive: true });
});

test('the key-encryption key is made once, is for its owner alone, and is never replaced while something needs it', async () => {
  const keys = openKeyFolder(dataDir);
  assert.throws(() => keys.wrappingKey(), /ENOENT/);
  await prepareWrappingKey(pool, keys);
  const made = keys.wrappingKey();
  assert.equal(made.length, 32);
  assert.equal(statSync(join(dataDir, 'keys/content.kek')).mode & 0o777, 0o600);
  await prepareWrappingKey(pool, keys);
  assert.deepEqual(openKeyFolder(dataDir).wrappingKey(), made);
  await pool.query(`INSERT INTO assistant_subject VALUES ('guest-1', repeat('a', 64), '\\x01', 'abcd', 0, 9)`);
  rmSync(join(dataDir, 'keys/content.kek'));
  await assert.rejects(
    prepareWrappingKey(pool, keys),
    (thrown) => thrown instanceof Problem && /content\.kek/.test(thrown.detail),
  );
  assert.equal(keys.hasWrappingKey(), false);
});
