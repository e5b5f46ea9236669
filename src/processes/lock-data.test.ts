import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { lockData, lockState } from './lock-data.ts';
import { describeHolder, touch } from './lock-holder.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-lock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Our own pid, and a process that is gone. */
const stale = JSON.stringify({ ...describeHolder(process.pid), started: '1' });
/** A process that nobody here can see. */
const elsewhere = JSON.stringify({ ...describeHolder(process.pid), boot: 'of another machine' });

function lockedBefore(name: string, text: string): string {
  const dataDir = join(folder, name);
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(join(dataDir, 'run/lock.json'), text);
  return dataDir;
}

test('a folder is held until its lock is released', async () => {
  const dataDir = join(folder, 'plain');
  assert.deepEqual(await lockState(dataDir), { kind: 'free' });
  const lock = await lockData(dataDir);
  assert.deepEqual(await lockState(dataDir), { kind: 'held', pid: process.pid });
  await assert.rejects(lockData(dataDir), /already runs on this data folder/);
  lock.release();
  assert.deepEqual(await lockState(dataDir), { kind: 'free' });
});

test('a pid that is somebody else by now does not hold a folder, nor does half a lock', async () => {
  for (const [name, text] of [
    ['recycled', stale],
    ['torn', '{"pid":'],
    ['empty', ''],
  ] as const) {
    (await lockData(lockedBefore(name, text))).release();
  }
});

test('a claim that a dead process left does not stop the next one', async () => {
  const dataDir = lockedBefore('claimed', stale);
  writeFileSync(join(dataDir, 'run/lock.json.claim'), stale);
  (await lockData(dataDir)).release();
  assert.equal(existsSync(join(dataDir, 'run/lock.json.claim')), false);
});

test('a holder on another machine or in another container is known by touching its lock', async () => {
  const dataDir = lockedBefore('elsewhere', elsewhere);
  const touching = setInterval(() => touch(join(dataDir, 'run/lock.json')), 100);
  await assert.rejects(lockData(dataDir), /already runs on this data folder/);
  clearInterval(touching);
  assert.deepEqual(await lockState(dataDir), { kind: 'stale' });
});

test('of many starts that find a dead lock at once exactly one takes it', async () => {
  const dataDir = lockedBefore('raced', stale);
  const module = new URL('./lock-data.ts', import.meta.url).href;
  const script = `
    import { lockData } from ${JSON.stringify(module)};
    process.on('message', async () => {
      try { await lockData(${JSON.stringify(dataDir)}); process.send('won'); }
      catch (cause) { process.send(cause.detail ?? String(cause)); }
    });
    process.send('here');`;
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  );
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    const answers = children.map(async (child) => {
      const answer = once(child, 'message');
      child.send('go');
      return String((await answer)[0]);
    });
    const said = await Promise.all(answers);
    assert.equal(said.filter((line) => line === 'won').length, 1, said.join('\n'));
    assert.equal(said.filter((line) => line.includes('already runs')).length, children.length - 1, said.join('\n'));
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
});
