import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { fromUtf8, utf8 } from '../kit/index.ts';
import { makeDataKey, unwrapDataKey, wrappingKey } from './data-key.ts';
import { type Place, seal, unseal } from './seal.ts';

const key = randomBytes(32);
const place: Place = { table: 'assistant_turn', row: 'a'.repeat(32), column: 'question' };

test('what was sealed opens in its own place, whatever it says', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      (text) => {
        assert.equal(fromUtf8(unseal(seal(utf8(text), key, place), key, place)), text);
      },
    ),
  );
});

test('no changed byte, no other place and no other key opens it', () => {
  const sealed = seal(utf8('isikukood 38001085718'), key, place);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] as number) ^ 1;
    assert.throws(() => unseal(changed, key, place), `byte ${at}`);
  }
  for (const other of [{ table: 'assistant_case' }, { row: 'b'.repeat(32) }, { column: 'answer' }]) {
    assert.throws(() => unseal(sealed, key, { ...place, ...other }));
  }
  assert.throws(() => unseal(sealed, randomBytes(32), place));
  assert.throws(() => unseal(sealed.subarray(0, 20), key, place));
});

test('the same words never look the same', () => {
  assert.notDeepEqual(seal(utf8('jah'), key, place), seal(utf8('jah'), key, place));
});

test('a data key opens under its key-encryption key and for its row alone, and says which one it needs', () => {
  const [kek, other] = [wrappingKey(randomBytes(32)), wrappingKey(randomBytes(32))];
  const { key: made, ...stored } = makeDataKey(kek, 'assistant_subject', 'guest-1');
  assert.deepEqual(unwrapDataKey(stored, kek, { table: 'assistant_subject', id: 'guest-1' }), made);
  assert.throws(() => unwrapDataKey(stored, kek, { table: 'assistant_subject', id: 'guest-2' }));
  assert.throws(() => unwrapDataKey(stored, kek, { table: 'assistant_case', id: 'guest-1' }));
  assert.throws(() => unwrapDataKey(stored, other, { table: 'assistant_subject', id: 'guest-1' }), new RegExp(kek.id));
  assert.throws(() => wrappingKey(randomBytes(16)));
});
