import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { agencyKey, walkPath } from '../../../test/walk-path.ts';
import { Problem } from '../../kit/index.ts';

const inForce = putInForce(exampleBytes());
const codeOf = async (wish: Parameters<typeof walkPath>[1], isStopping = false) => {
  try {
    await walkPath(inForce, wish).identify(isStopping);
    return null;
  } catch (cause) {
    return cause instanceof Problem ? cause.code : cause;
  }
};

test('who asks follows from headers alone: a key of either dialect, its tenant, and a purpose that is its own', async () => {
  const table: [Parameters<typeof walkPath>[1], string | null][] = [
    [{}, null],
    [{ headers: { authorization: 'bearer  right' } }, null],
    [{ headers: { authorization: 'Bearer wrong' } }, 'invalid-key'],
    [{ headers: { authorization: 'Basic right' } }, 'invalid-key'],
    [{ headers: { 'x-polity-purpose': 'public-information' } }, null],
    [{ headers: { 'x-polity-purpose': 'education' } }, 'purpose-not-allowed'],
    [{ headers: { 'x-polity-purpose': '' } }, 'purpose-not-allowed'],
    [{ key: { purposes: [] } }, 'purpose-not-allowed'],
    [{ key: { tenant: 'gone' } }, 'invalid-key'],
  ];
  for (const [wish, code] of table) assert.equal(await codeOf(wish), code, JSON.stringify(wish));
});

test('a process that is going says so before it looks at the key', async () => {
  assert.equal(await codeOf({ headers: { authorization: 'Bearer wrong' } }, true), 'stopping');
});

test('the first purpose of a key is its default, and the event names key, tenant, purpose and charter', async () => {
  const { exchange, identify } = walkPath(inForce);
  const { caller, purpose } = await identify();
  assert.deepEqual([caller.tenant.id, purpose.id], ['agency', 'drafting']);
  const { key, tenant, purpose: noted, charter } = exchange.event;
  assert.deepEqual([key, tenant, noted, charter], ['key_test', 'agency', 'drafting', inForce.charter.digest]);
});

test('what a guest asked cannot be told from the log: all guests are one', async () => {
  const tenant = inForce.tenants.get('public');
  assert.ok(tenant);
  const guest = { ...agencyKey, id: 'guest-37', tenant: 'public', purposes: ['public-information'] };
  const known = { isGuest: true, caller: { key: guest, tenant }, purpose: 'public-information' };
  const { exchange, identify } = walkPath(inForce, { known, headers: { authorization: '' } });
  assert.equal((await identify()).caller.key.id, 'guest-37');
  assert.equal(JSON.stringify(exchange.event).includes('guest-37'), false);
});
