import assert from 'node:assert/strict';
import test from 'node:test';
import { WrongUsage } from './command.ts';
import { type KeyOptions, readKeyWish } from './keys-wish.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');

test('options become a wish in the words of the charter', () => {
  const wish = readKeyWish(
    {
      tenant: 'agency',
      purpose: ['drafting,research', 'casework'],
      level: 'public',
      expires: '90d',
      'requests-per-minute': '60',
      'money-per-month': '12.50',
    },
    nowMs,
  );
  assert.deepEqual(wish, {
    tenant: 'agency',
    purposes: ['drafting', 'research', 'casework'],
    limits: { requestsPerMinute: 60, moneyPerMonth: 12.5 },
    defaultLevel: 'public',
    expiresAtMs: nowMs + 90 * 86_400_000,
  });
});

test('an end is days from now, the beginning of a date, or a time', () => {
  const end = (expires: string) => readKeyWish({ tenant: 'a', purpose: ['b'], expires }, nowMs).expiresAtMs;
  assert.equal(end('2027-12-31'), Date.parse('2027-12-31T00:00:00Z'));
  assert.equal(end('2027-12-31T18:00+02:00'), Date.parse('2027-12-31T16:00:00Z'));
});

const wrong: readonly [KeyOptions, RegExp][] = [
  [{ purpose: ['b'] }, /name the tenant, such as `--tenant agency`/],
  [{ tenant: 'a' }, /name the purpose/],
  [{ tenant: 'a', purpose: [','] }, /name the purpose/],
  [{ tenant: 'a', purpose: ['b'], expires: 'soon' }, /not `soon`/],
  [{ tenant: 'a', purpose: ['b'], expires: '2027-02-30' }, /not `2027-02-30`/],
  [{ tenant: 'a', purpose: ['b'], concurrent: '-1' }, /takes a number/],
  [{ tenant: 'a', purpose: ['b'], 'tokens-per-day': '1e6' }, /takes a number/],
];

for (const [options, detail] of wrong) {
  test(`${JSON.stringify(options)} is refused with what to do`, () => {
    assert.throws(
      () => readKeyWish(options, nowMs),
      (error) => error instanceof WrongUsage && detail.test(error.message),
    );
  });
}
