import assert from 'node:assert/strict';
import test from 'node:test';
import type { KeyRecord } from '../identity/ports.ts';
import { runAdmin } from './admin-run.ts';
import { WrongUsage } from './command.ts';
import { runKeys } from './keys-run.ts';

const key: KeyRecord = {
  id: 'key_0123456789ab',
  tenant: 'agency',
  project: null,
  purposes: ['drafting', 'research'],
  defaultLevel: null,
  limits: {},
  role: 'caller',
  expiresAtMs: null,
  name: 'chat',
  createdAtMs: 0,
  revokedAtMs: null,
};

function instance(answer: unknown) {
  const asked: [string, unknown][] = [];
  const lines = { out: [] as string[], err: [] as string[] };
  return {
    asked,
    lines,
    output: { out: (line: string) => void lines.out.push(line), err: (line: string) => void lines.err.push(line) },
    ask: async (name: string, body: unknown) => {
      asked.push([name, body]);
      return answer;
    },
  };
}

test('`keys create` prints the key alone on standard output, so that a shell can catch it', async () => {
  const at = instance({ key, secret: 'pk_secret' });
  const options = { tenant: 'agency', purpose: ['drafting'] };
  assert.equal(await runKeys({ words: ['create'], options, ask: at.ask, nowMs: 0 }, at.output), 0);
  assert.deepEqual(at.asked, [['keys/create', { tenant: 'agency', purposes: ['drafting'], limits: {} }]]);
  assert.deepEqual(at.lines.out, ['pk_secret']);
  assert.match(at.lines.err.join(), /shown only now/);
});

test('`keys list` shows the state of each key in columns, and JSON when a program reads', async () => {
  const at = instance({
    keys: [key, { ...key, id: 'key_b', revokedAtMs: 1_000 }, { ...key, id: 'key_c', expiresAtMs: 5 }],
  });
  await runKeys({ words: ['list'], options: {}, ask: at.ask, nowMs: 10 }, at.output);
  assert.deepEqual(
    at.lines.out.map((line) => line.split(/ {2,}/)[6]),
    ['state', 'valid', 'revoked 1970-01-01T00:00:01Z', 'expired 1970-01-01T00:00:00Z'],
  );
  await runKeys({ words: ['list'], options: { json: true, tenant: 'agency' }, ask: at.ask, nowMs: 10 }, at.output);
  assert.equal(JSON.parse(at.lines.out.at(-1) ?? '').length, 3);
  assert.deepEqual(at.asked.at(-1), ['keys/list', { tenant: 'agency' }]);
});

test('`keys revoke` asks for exactly that key', async () => {
  const at = instance({ ...key, revokedAtMs: 1 });
  await runKeys({ words: ['revoke', key.id], options: {}, ask: at.ask, nowMs: 0 }, at.output);
  assert.deepEqual(at.asked, [['keys/revoke', { id: key.id }]]);
});

test('what `keys` and `admin` do not know is refused with what they do', async () => {
  const at = instance(null);
  for (const words of [[], ['revoke'], ['make'], ['list', 'all']]) {
    await assert.rejects(runKeys({ words, options: {}, ask: at.ask, nowMs: 0 }, at.output), WrongUsage);
  }
  await assert.rejects(runAdmin({ words: ['open'], options: {}, ask: at.ask }, at.output), /say `admin link`/);
  assert.deepEqual(at.asked, []);
});

test('`admin link` prints the link alone on standard output', async () => {
  const at = instance({ url: 'http://localhost:8080/#admin=x', expiresAtMs: 0 });
  await runAdmin({ words: ['link'], options: { role: 'auditor' }, ask: at.ask }, at.output);
  assert.deepEqual(at.asked, [['admin/link', { role: 'auditor' }]]);
  assert.deepEqual(at.lines.out, ['http://localhost:8080/#admin=x']);
});
