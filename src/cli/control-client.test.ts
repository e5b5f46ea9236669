import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Problem } from '../kit/index.ts';
import { startControl } from '../processes/control-server.ts';
import { askControl, controlSocketOf } from './control-client.ts';
import { runCommandLine } from './main.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'polity-cli-'));
const asked: [string, unknown][] = [];
const key = {
  id: 'key_0123456789ab',
  tenant: 'agency',
  purposes: ['drafting'],
  defaultLevel: null,
  limits: {},
  role: 'caller',
  expiresAtMs: null,
  name: 'chat',
  createdAtMs: 0,
  revokedAtMs: null,
};
let control: Awaited<ReturnType<typeof startControl>>;

function answer(name: string, said: unknown) {
  return async (body: unknown) => {
    asked.push([name, body]);
    if (said instanceof Problem) throw said;
    return said;
  };
}

before(async () => {
  const socket = controlSocketOf(dataDir);
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  const changes = { added: [], changed: ['sites.yaml'], removed: [] };
  control = await startControl(socket, {
    'keys/create': answer('keys/create', { key, secret: 'pk_secret' }),
    'keys/list': answer('keys/list', { keys: [key] }),
    'keys/revoke': answer('keys/revoke', new Problem('not-found', 'there is no key `key_x`', { param: 'id' })),
    'admin/link': answer('admin/link', { url: 'http://localhost:1/#admin=x', expiresAtMs: 0 }),
    'charter/apply': answer('charter/apply', { kind: 'adopted', digest: 'd1', warnings: [], changes }),
    stop: answer('stop', { stopping: true }),
    status: answer('status', {
      url: 'http://127.0.0.1:1',
      pid: process.pid,
      uptimeMs: 3_725_000,
      charter: 'd1',
      installation: 'i1',
      processes: [{ role: 'ledger', pid: null }],
    }),
    fault: async () => {
      throw new Error('line one\nline two');
    },
  });
});
after(() => {
  control.close();
  rmSync(dataDir, { recursive: true });
});

async function run(...line: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  asked.length = 0;
  const code = await runCommandLine({ line, environment: { POLITY_DATA: dataDir, PORT: '1' }, output });
  return { code, out, err };
}

test('a problem of the instance arrives with its code, detail and parameter', async () => {
  await assert.rejects(askControl(dataDir, 'keys/revoke', { id: 'key_x' }), (thrown) => {
    assert.ok(thrown instanceof Problem);
    assert.deepEqual([thrown.code, thrown.detail, thrown.extras.param], ['not-found', 'there is no key `key_x`', 'id']);
    return true;
  });
  await assert.rejects(askControl(dataDir, 'dance', {}), /both sides must be of one version/);
});

test('`keys` reaches the instance and prints the secret alone', async () => {
  const created = await run('keys', 'create', '--tenant=agency', '--purpose', 'drafting', '--purpose', 'research');
  assert.deepEqual([created.code, created.out], [0, ['pk_secret']]);
  assert.deepEqual(asked, [['keys/create', { tenant: 'agency', purposes: ['drafting', 'research'], limits: {} }]]);
  const listed = await run('keys', 'list', '--json');
  assert.deepEqual(JSON.parse(listed.out[0] ?? ''), [key]);
  const refused = await run('keys', 'revoke', 'key_x');
  assert.deepEqual(refused, { code: 1, out: [], err: ['polity: there is no key `key_x`'] });
});

test('`admin link` prints the link alone', async () => {
  const { code, out } = await run('admin', 'link', '--role', 'auditor');
  assert.deepEqual([code, out, asked], [0, ['http://localhost:1/#admin=x'], [['admin/link', { role: 'auditor' }]]]);
});

test('`charter apply` names the folder by its whole path', async () => {
  const { code, out } = await run('charter', 'apply', 'somewhere');
  assert.deepEqual(asked, [['charter/apply', { folder: join(process.cwd(), 'somewhere') }]]);
  assert.deepEqual([code, out], [0, ['changed sites.yaml', 'somewhere: in force, digest d1']]);
});

test('`status` shows processes and address, and exits with 1 while nothing answers there', async () => {
  const { code, out } = await run('status');
  assert.equal(code, 1);
  assert.ok(out.includes('uptime    1 h 2 min'));
  assert.ok(out.includes('ledger      starting'));
  assert.match(out.at(-1) ?? '', /readyz does not answer/);
  const { readiness, charter } = JSON.parse((await run('status', '--json')).out.join('\n'));
  assert.deepEqual([readiness.kind, charter], ['silent', 'd1']);
});

test('`stop` waits for the lock to go, and says so when it does not', async () => {
  assert.deepEqual(await run('stop'), { code: 0, out: ['stopped'], err: [] });
  writeFileSync(join(dataDir, 'run/lock.json'), JSON.stringify({ pid: process.pid }));
  const { code, err } = await run('stop', '--wait', '0');
  rmSync(join(dataDir, 'run/lock.json'));
  assert.equal(code, 1);
  assert.match(err[0] ?? '', new RegExp(`process ${process.pid} still runs after 0 s`));
});
