import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTraceParent } from './trace-parent.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test('a traceparent of W3C is read with its sampled flag, and of later versions as far as it is known', () => {
  assert.deepEqual(readTraceParent(`00-${traceId}-${spanId}-01`), { traceId, spanId, isSampled: true });
  assert.deepEqual(readTraceParent(`00-${traceId}-${spanId}-02`), { traceId, spanId, isSampled: false });
  assert.deepEqual(readTraceParent(`cc-${traceId}-${spanId}-03-what-comes`), { traceId, spanId, isSampled: true });
});

test('what is no traceparent is no parent', () => {
  for (const header of [
    undefined,
    '',
    'canary',
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${spanId}-1`,
    `cc-${traceId}-${spanId}-01-${'x'.repeat(500)}`,
    [`00-${traceId}-${spanId}-01`],
  ])
    assert.equal(readTraceParent(header), null, String(header));
});
