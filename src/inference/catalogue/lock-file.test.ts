import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lockFile } from './lock-file.ts';

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'polity-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Takes the lock, and while it has it makes a file that must not be there yet. */
const holder = `
  const { lockFile } = await import(process.argv[1]);
  const { writeFileSync, rmSync, appendFileSync } = await import('node:fs');
  const [folder] = process.argv.slice(2);
  for (let turn = 0; turn < 20; turn++) {
    const lock = await lockFile(folder + '/lock');
    writeFileSync(folder + '/inside', '', { flag: 'wx' });
    await new Promise((resolve) => setImmediate(resolve));
    rmSync(folder + '/inside');
    appendFileSync(folder + '/turns', 'x');
    lock.release();
  }
`;

function startHolder(folder: string): Promise<number | null> {
  const words = ['--input-type=module', '-e', holder, join(import.meta.dirname, 'lock-file.ts'), folder];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve) => child.once('exit', resolve));
}

test('of several processes one at a time has the lock, also when they find a stale one together', {
  timeout: 60_000,
}, async (t) => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'lock'), '4194305 gone');
  assert.deepEqual(await Promise.all([startHolder(folder), startHolder(folder), startHolder(folder)]), [0, 0, 0]);
  assert.equal(readFileSync(join(folder, 'turns'), 'utf8').length, 60);
  assert.deepEqual(readdirSync(folder), ['turns'], 'nothing else is left');
});

test('two turns of one process wait for each other', async (t) => {
  const path = join(makeFolder(t), 'lock');
  const first = await lockFile(path);
  let hasSecond = false;
  const second = lockFile(path).then((lock) => {
    hasSecond = true;
    return lock;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(hasSecond, false);
  first.release();
  (await second).release();
  assert.ok(!existsSync(path));
});

test('a lock whose number belongs to another process by now holds nobody up', async (t) => {
  const path = join(makeFolder(t), 'lock');
  for (const text of [`${process.pid} another-boot/1`, `${process.ppid} another-boot/1`, 'nonsense', '']) {
    writeFileSync(path, text);
    (await lockFile(path)).release();
  }
});
