/** What a start that cannot go on says, what a stop leaves, and what a kill leaves for the next start to mend. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { processTree } from '../../bench/gateway/process-cpu.ts';
import { describeHolder } from '../../src/processes/lock-holder.ts';
import { freePort, type RunningPolity, root, startPolity } from '../start-polity.ts';

/** No start of this file fetches the model. */
const environment = { POLITY_MODEL: '/nowhere/model.gguf' };
const nobody = 65_534;
let data = '';
let running: RunningPolity | null = null;

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'polity-start-'));
});
after(async () => {
  await running?.stop();
  await rm(data, { recursive: true, force: true });
});

interface Refused {
  readonly code: number | null;
  readonly said: string;
  readonly printed: string;
}

/** A start that is expected to end by itself. */
function startRefused(
  settings: Readonly<Record<string, string>>,
  identity: { uid?: number; gid?: number } = {},
): Promise<Refused> {
  const child = spawn(process.execPath, [join(root, 'scripts/run.mjs'), 'start', '--json'], {
    env: { ...process.env, ...environment, POLITY_DATA: data, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
  let said = '';
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said, printed }));
  });
}

function assertOneLine({ code, said, printed }: Refused, expected: RegExp): void {
  assert.equal(code, 1);
  assert.match(said, expected);
  assert.equal(said.trimEnd().split('\n').length, 1, said);
  assert.equal(printed, '');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitGone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; pids.some(isAlive); tries++) {
    assert.ok(tries < 200, `still there: ${pids.filter(isAlive).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a gateway that ends at each of its starts ends the start, with the role and how it ended', async () => {
  const script = "if (process.argv.at(-1) === 'gateway') process.exit(9)";
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
  await assert.rejects(
    startPolity({ environment }),
    /ended with 1 before it was ready[\s\S]*gateway process ended 5 times before it was ready, the last time with exit code 9/,
  );
});

test('a busy port is one line that names another port, and nothing is touched', async () => {
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const fresh = join(data, 'untouched');
  assertOneLine(
    await startRefused({ PORT: String(port), POLITY_DATA: fresh }),
    new RegExp(`port ${port} is taken .*PORT=${port + 1} npm start`),
  );
  await assert.rejects(stat(fresh), { code: 'ENOENT' });
  await new Promise((resolve) => other.close(resolve));
});

test('a setting that cannot be read is one line with its name and what it should be', async () => {
  assertOneLine(await startRefused({ PORT: 'http' }), /PORT is `http`; write a whole number/);
  assertOneLine(
    await startRefused({ PUBLIC_URL: 'ai.example.org' }),
    /PUBLIC_URL is `ai\.example\.org`; write an address/,
  );
});

test('a data folder that cannot be written is one line that says what to do', async () => {
  const sealed = await mkdtemp(join(tmpdir(), 'polity-sealed-'));
  await chmod(sealed, 0o555);
  const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const refused = await startRefused({ PORT: String(await freePort()), POLITY_DATA: sealed }, identity);
  assertOneLine(refused, /cannot be written; .*POLITY_DATA/);
  await rm(sealed, { recursive: true });
  const file = join(data, 'file');
  await writeFile(file, '');
  assertOneLine(await startRefused({ PORT: String(await freePort()), POLITY_DATA: file }), /is no folder/);
});

test('the lock of a dead instance is taken over; a second living one is refused with the pid of the first', async () => {
  await mkdir(join(data, 'run'), { recursive: true });
  // Our own pid lives, but the start time is not that of the lock.
  await writeFile(join(data, 'run/lock.json'), JSON.stringify({ ...describeHolder(process.pid), started: '1' }));
  running = await startPolity({ data, environment });
  assert.match(running.apiKey, /^pk_/);
  const second = await startRefused({ PORT: String(await freePort()) });
  const { pid } = JSON.parse(await readFile(join(data, 'run/lock.json'), 'utf8')) as { pid: number };
  assertOneLine(second, new RegExp(`process ${pid} already runs on this data folder; .*polity stop`));
  assert.equal((await fetch(`${running.url}/healthz`)).status, 200);
});

test('a second start on the same port and data folder says that Polity itself runs there', async () => {
  const { port } = running as RunningPolity;
  assertOneLine(await startRefused({ PORT: String(port) }), /process \d+ already runs on this data folder/);
});

test('kill -9 of the supervisor leaves nothing that serves, and the next start has the same service', async () => {
  const before = running as RunningPolity;
  const tree = processTree(before.child.pid as number);
  const supervisor = JSON.parse(await readFile(join(data, 'run/lock.json'), 'utf8')).pid as number;
  process.kill(supervisor, 'SIGKILL');
  // At once, on the same port: gateways may still be noticing.
  running = await startPolity({ data, port: before.port, environment });
  assert.equal(running.apiKey, null, 'keys are made on the first start only');
  const answer = await fetch(`${running.url}/v1/models`, { headers: { authorization: `Bearer ${before.apiKey}` } });
  assert.equal(answer.status, 200, 'the key of the first start still opens');
  await waitGone(tree);
});

test('SIGTERM ends every process with exit code 0, and releases the folder', async () => {
  const ending = running as RunningPolity;
  const tree = processTree(ending.child.pid as number);
  assert.ok(tree.length >= 5, 'supervisor, ledger, gateway, model and PostgreSQL');
  assert.equal(await ending.stop(), 0);
  await waitGone(tree);
  await assert.rejects(stat(join(data, 'run/lock.json')), { code: 'ENOENT' });
  await assert.rejects(fetch(`${ending.url}/healthz`));
  running = null;
});
