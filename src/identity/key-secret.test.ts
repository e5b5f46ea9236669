import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { hashSecret, inspectKeySecret, makeKeySecret } from './key-secret.ts';

test('a new key is sound, has 52 characters and is never the same twice', () => {
  const keys = new Set(Array.from({ length: 200 }, makeKeySecret));
  assert.equal(keys.size, 200);
  for (const key of keys) {
    assert.match(key, /^pk_[0-9A-Za-z]{49}$/);
    assert.equal(inspectKeySecret(key), 'sound');
  }
});

test('a letter that was mistyped, or two that changed places, are told without a look-up', () => {
  const key = makeKeySecret();
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 51 }), fc.constantFrom(...'0Oo1Il5S8Bz'), (at, letter) => {
      const typo = key.slice(0, at) + letter + key.slice(at + 1);
      assert.equal(inspectKeySecret(typo), typo === key ? 'sound' : 'mistyped');
    }),
  );
  for (let at = 3; at < 51; at++) {
    const swapped = key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2);
    assert.equal(inspectKeySecret(swapped), swapped === key ? 'sound' : 'mistyped');
  }
});

test('whatever else is sent is no key, and no string makes it throw', () => {
  for (const text of ['', 'pk_', 'sk-abc', `pk_${'x'.repeat(50)}`, `pk_${'x'.repeat(1e6)}`, `pk_${'é'.repeat(49)}`]) {
    assert.equal(inspectKeySecret(text), 'not-a-key');
  }
  fc.assert(fc.property(fc.string(), (text) => inspectKeySecret(text) !== 'sound'));
});

test('what is stored is the SHA-256 of the whole key', () => {
  assert.equal(hashSecret('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
