import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ENDED, JournalPacker, type JournalRecord, SOURCES } from './journal.ts';
import type { Beginning } from './ports.ts';
import { readJournal } from './read-journal.ts';

const row: typeof fc.record = (model) => fc.record(model, { noNullPrototype: true });
const text = fc.string({ unit: 'grapheme' });
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((one) => Buffer.from(one));
const blob = fc.uint8Array({ maxLength: 40 }).map((one) => Buffer.from(one));
const receiptId = bytes(16).map((one) => one.toString('hex'));
const amount = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const said = fc.array(
  row({ name: fc.string({ unit: 'grapheme', maxLength: 20 }), digest: bytes(32).map((one) => one.toString('hex')) }),
);
const holdings = fc.array(row({ leaseId: text, amount }));
const beginning: fc.Arbitrary<Beginning> = row({
  circumstances: blob,
  attempt: row({ number: fc.nat(), previous: fc.option(receiptId) }),
  said,
  reserved: row({ tokens: amount, moneyMicros: amount }),
});
const outcome = row({
  receiptId,
  beginning: fc.option(beginning),
  ended: fc.constantFrom(...ENDED),
  reason: fc.option(text),
  endedAtMs: fc.nat(),
  usage: row({ promptTokens: amount, completionTokens: amount, source: fc.constantFrom(...SOURCES) }),
  moneyMicros: amount,
  footprint: row({ energyMicroWh: amount, co2MicroGrams: amount }),
  said,
  spent: holdings,
});
const intent = fc
  .tuple(beginning, receiptId, holdings)
  .map(([begun, id, held]) => ({ ...begun, receiptId: id, holdings: held }));
const record: fc.Arbitrary<JournalRecord> = fc.oneof(
  intent.map((one) => ({ kind: 'intent' as const, intent: one })),
  outcome.map((one) => ({ kind: 'outcome' as const, outcome: one })),
  row({ kind: fc.constantFrom('forgotten' as const, 'surrendered' as const), receiptId }),
  row({ kind: fc.constant('older-intent' as const), receiptId, text: blob }),
  row({ receiptId, payload: blob, salt: bytes(32), leaf: bytes(51), account: blob }).map((decision) => ({
    kind: 'older-decision' as const,
    decision,
  })),
);

test('a batch is read as it was packed, whatever stands in it, and one packer packs one after another', () => {
  const packer = new JournalPacker();
  fc.assert(
    fc.property(fc.array(record), (records) => {
      assert.deepEqual(readJournal(packer.pack(records)), records);
    }),
  );
});

test('circumstances that many records share are packed once', () => {
  const circumstances = Buffer.alloc(1_000, 'c');
  const [begun] = fc.sample(intent, 1);
  assert.ok(begun !== undefined);
  const records = Array.from({ length: 20 }, () => ({ kind: 'intent' as const, intent: { ...begun, circumstances } }));
  const one = new JournalPacker().pack(records.slice(0, 1)).length;
  const all = new JournalPacker().pack(records);
  assert.equal(all.length, one + 19 * (one - 1 - 5 - circumstances.length));
  assert.equal(readJournal(all).length, 20);
});

test('what is cut off in the middle of a record is refused', () => {
  fc.assert(
    fc.property(record, fc.nat(), (one, cut) => {
      const whole = new JournalPacker().pack([one]);
      const first = readJournal(whole.subarray(0, 1)).length;
      const length = 2 + (cut % (whole.length - 2));
      let records: readonly JournalRecord[] = [];
      try {
        records = readJournal(whole.subarray(0, length));
      } catch {
        return;
      }
      // Only circumstances stand alone.
      assert.deepEqual([first, records.length], [0, 0]);
    }),
  );
});

test('foreign bytes are refused or read, but nothing else happens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (noise) => {
      try {
        readJournal(Uint8Array.from([1, ...noise]));
      } catch (cause) {
        assert.ok(cause instanceof Error);
      }
    }),
  );
  const malformed = [[], [0], [2], [1, 9], [1, 0], [1, 2], [1, 1, 255, 255, 255, 255], [1, 3, ...Array(16).fill(0), 7]];
  for (const one of malformed) assert.throws(() => readJournal(Uint8Array.from(one)), `${one}`);
});

test('what cannot be read again is not packed', () => {
  const [one] = fc.sample(outcome, 1);
  assert.ok(one !== undefined);
  const pack = (changed: object) => new JournalPacker().pack([{ kind: 'outcome', outcome: { ...one, ...changed } }]);
  assert.throws(() => pack({ moneyMicros: Number.NaN }), RangeError);
  assert.throws(() => pack({ receiptId: 'short' }), RangeError);
  assert.throws(() => pack({ said: [{ name: 'a', digest: '00'.repeat(31) }] }), RangeError);
  assert.throws(() => pack({ said: [{ name: 'a', digest: 'x'.repeat(64) }] }), RangeError);
  assert.throws(() => pack({ said: [{ name: 'a'.repeat(300), digest: '00'.repeat(32) }] }), RangeError);
});
