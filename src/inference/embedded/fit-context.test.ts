import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContextShape, fitContext } from './fit-context.ts';

const BYTES_PER_TOKEN = 1_000;
const bytesOf = async ({ sequences, contextSize }: ContextShape) => sequences * contextSize * BYTES_PER_TOKEN;
const fit = (sequences: number, contextSize: number, budgetBytes: number) =>
  fitContext({ sequences, contextSize }, budgetBytes, bytesOf);

test('what fits is kept as it was wished', async () => {
  assert.deepEqual(await fit(8, 8_192, 66e6), { sequences: 8, contextSize: 8_192 });
});

test('where memory is short, conversations become fewer before they become shorter', async () => {
  assert.deepEqual(await fit(8, 8_192, 20e6), { sequences: 2, contextSize: 8_192 });
  assert.deepEqual(await fit(8, 65_536, 20e6), { sequences: 1, contextSize: 16_384 });
});

test('a context is never made useless: what does not fit even then is left to the engine to refuse', async () => {
  assert.deepEqual(await fit(8, 8_192, 1), { sequences: 1, contextSize: 2_048 });
});
