import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { resolveSecret } from './resolve-secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-secret-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return `file:${join(folder, name)}`;
}

test('a secret is read from the environment or from a file, without the line end', () => {
  process.env.POLITY_TEST_SECRET = 'sk:1';
  assert.equal(resolveSecret('env:POLITY_TEST_SECRET'), 'sk:1');
  delete process.env.POLITY_TEST_SECRET;
  assert.equal(resolveSecret(write('key', 'sk-2\r\n')), 'sk-2');
});

test('what is not there or empty is named, and no value ever is', () => {
  assert.throws(() => resolveSecret('env:POLITY_TEST_SECRET'), /no `POLITY_TEST_SECRET`/);
  assert.throws(() => resolveSecret(`file:${join(folder, 'gone')}`), /gone`.*cannot be read/);
  assert.throws(() => resolveSecret(write('empty', '\n')), /empty`.*is empty/);
});
