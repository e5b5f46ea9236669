import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { resolveSecret, Secret } from './resolve-secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-secret-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return `file:${join(folder, name)}`;
}

test('a secret is read from the environment or from a file, without the line end', () => {
  process.env.POLITY_TEST_SECRET = 'sk:1';
  assert.equal(resolveSecret('env:POLITY_TEST_SECRET').reveal(), 'sk:1');
  delete process.env.POLITY_TEST_SECRET;
  assert.equal(resolveSecret(write('key', 'sk-2\r\n')).reveal(), 'sk-2');
});

test('what is not there or empty is named, and no value ever is', () => {
  assert.throws(() => resolveSecret('env:POLITY_TEST_SECRET'), /no `POLITY_TEST_SECRET`/);
  assert.throws(() => resolveSecret(`file:${join(folder, 'gone')}`), /gone`.*cannot be read/);
  assert.throws(() => resolveSecret(write('empty', '\n')), /empty`.*is empty/);
});

test('a secret shows as nothing, however it is printed', () => {
  const holder = { key: new Secret('sk-3') };
  const printed = [`${holder.key}`, JSON.stringify(holder), inspect(holder, { depth: 9, showHidden: true })];
  for (const text of printed) assert.ok(!text.includes('sk-3') && text.includes('[secret]'), text);
  assert.deepEqual(Object.keys(holder.key), []);
});

test('a key in a file is read again when the file was renewed, and kept while it is away or empty', async () => {
  const secret = resolveSecret(write('renewed', 'first'));
  const path = join(folder, 'renewed');
  assert.equal(secret.reveal(), 'first');
  for (const [text, seen] of [
    ['second', 'second'],
    ['', 'second'],
    [null, 'second'],
    ['third\n', 'third'],
  ] as const) {
    if (text === null) rmSync(path);
    else writeFileSync(path, text);
    await delay(1_050);
    assert.equal(secret.reveal(), seen);
  }
  assert.ok(!inspect(secret, { showHidden: true }).includes('third'));
});
