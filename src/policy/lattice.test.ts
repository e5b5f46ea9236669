import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { exampleBytes } from '../../test/charter-files.ts';
import { parseCharter } from '../charter/index.ts';
import { dominates, join, latticeOf } from './lattice.ts';

const parsed = parseCharter(exampleBytes());
assert.equal(parsed.kind, 'valid');
const lattice = latticeOf((parsed as Extract<typeof parsed, { kind: 'valid' }>).charter);

const point = fc.record(
  {
    level: fc.nat(lattice.levels.length - 1),
    caveats: fc.subarray([...lattice.caveats]).map((caveats) => [...caveats].sort()),
  },
  { noNullPrototype: true },
);

test('a join is the least classification at or above both', () => {
  fc.assert(
    fc.property(point, point, point, (a, b, c) => {
      const both = join(a, b);
      assert.ok(dominates(both, a) && dominates(both, b));
      assert.equal(dominates(c, both), dominates(c, a) && dominates(c, b));
    }),
  );
});

test('joining is commutative, associative and idempotent', () => {
  fc.assert(
    fc.property(point, point, point, (a, b, c) => {
      assert.deepEqual(join(a, b), join(b, a));
      assert.deepEqual(join(a, join(b, c)), join(join(a, b), c));
      assert.deepEqual(join(a, a), a);
    }),
  );
});

test('dominance is a partial order below the top', () => {
  fc.assert(
    fc.property(point, point, point, (a, b, c) => {
      assert.ok(dominates(a, a) && dominates(lattice.top, a));
      if (dominates(a, b) && dominates(b, a)) assert.deepEqual(a, b);
      if (dominates(a, b) && dominates(b, c)) assert.ok(dominates(a, c));
    }),
  );
});

test('a classification is read back from how it is written', () => {
  fc.assert(
    fc.property(point, (classification) => {
      assert.deepEqual(lattice.parse(lattice.format(classification)), { kind: 'parsed', classification });
    }),
  );
});

test('no text makes the parser throw or invent a class', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 600 }), (text) => {
      const read = lattice.parse(text);
      if (read.kind === 'parsed') assert.ok(dominates(lattice.top, read.classification));
    }),
  );
});

test('separators and repeated caveats do not matter', () => {
  const expected = { kind: 'parsed', classification: { level: 1, caveats: ['minor', 'personal'] } };
  for (const text of ['internal; personal minor', ' internal ;minor,personal, personal', 'internal;personal;minor']) {
    assert.deepEqual(lattice.parse(text), expected);
  }
});

test('an unknown level or caveat is named with the nearest valid one', () => {
  const details = ['internl', 'internal; personel', ''].map((text) => {
    const read = lattice.parse(text);
    return read.kind === 'unknown' ? read.detail : '';
  });
  assert.deepEqual(details, [
    '`internl` is no level of this service: write one of `public`, `internal`, `restricted`, `confidential`, `secret`, `top-secret`; did you mean `internal`?',
    '`personel` is no caveat of this service: write one of `minor`, `personal`, `special-category`; did you mean `personal`?',
    '`` is no level of this service: write one of `public`, `internal`, `restricted`, `confidential`, `secret`, `top-secret`',
  ]);
});
