import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openEvent, type RequestEvent } from '../../gateway/index.ts';
import { formatEvent } from './format-event.ts';

const word = fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => text.isWellFormed());
const count = fc.integer({ min: 0 });
const amount = fc.double({ min: 0, max: 1e9, noNaN: true });
const ms = fc.integer({ min: 0, max: 1e9 }).map((micros) => micros / 1000);
const texts = [
  'traceId',
  'problem',
  'reason',
  'key',
  'tenant',
  'purpose',
  'classification',
  'charter',
  'requestedModel',
];
const places = ['model', 'backend', 'site', 'ended', 'receiptId', 'usageSource'];
const counts = ['status', 'attempts', 'promptTokens', 'completionTokens', 'moneyMicros', 'bodyBytes', 'answerBytes'];
const times = ['readMs', 'intentMs', 'firstByteMs', 'outcomeMs', 'totalMs'];

const members = (names: readonly string[], value: fc.Arbitrary<unknown>) => names.map((name) => [name, value] as const);
const learned = fc.record(
  Object.fromEntries([
    ...members([...texts, ...places], word),
    ...members(counts, count),
    ...members(['energyWh', 'co2Grams'], amount),
    ...members(times, ms),
    ['stream', fc.boolean()] as const,
    ['clauses', fc.array(word, { maxLength: 3 })] as const,
  ]),
  { requiredKeys: [] },
);

test('a line says every member of the event, as the general writer of JSON does, and no other', () => {
  fc.assert(
    fc.property(learned, word, (some, endpoint) => {
      const event = Object.assign(openEvent('0123', endpoint), some) as RequestEvent;
      assert.deepEqual(JSON.parse(`{${formatEvent(event)}}`), JSON.parse(JSON.stringify(event)));
    }),
    { numRuns: 500 },
  );
});

test('every member that an event can have is in the property above', () => {
  const known = new Set([...texts, ...places, ...counts, ...times, 'energyWh', 'co2Grams', 'stream', 'clauses']);
  assert.deepEqual(
    Object.keys(openEvent('id', '/v1')).filter((name) => !known.has(name)),
    ['requestId', 'endpoint'],
  );
});

test('times are rounded to a microsecond', () => {
  const event = Object.assign(openEvent('id', '/v1'), { totalMs: 1.23456789 });
  assert.match(formatEvent(event), /"totalMs":1\.235$/);
});
