import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../policy/schema.ts';
import { footprintHeaders, footprintOf } from './footprint.ts';

const route = (whPer1000Tokens: number | null, gramsCo2PerKwh: number | null) =>
  ({ facts: { backend: { energy: { whPer1000Tokens } }, site: { grid: { gramsCo2PerKwh } } } }) as unknown as Route;
const usage = { promptTokens: 1_500, completionTokens: 500 };

test('energy is of all tokens, carbon of the energy on the grid of the site; where a figure is missing nothing is guessed', () => {
  assert.deepEqual(footprintOf(route(0.4, 600), usage), { energyWh: 0.8, co2Grams: 0.48 });
  assert.deepEqual(footprintOf(route(0.4, null), usage), { energyWh: 0.8, co2Grams: null });
  assert.deepEqual(footprintOf(route(null, 600), usage), { energyWh: null, co2Grams: null });
});

test('headers say the amount with its currency, and only what is known', () => {
  assert.deepEqual(footprintHeaders({ moneyMicros: 1_234, currency: 'EUR' }, { energyWh: 0.8, co2Grams: null }), {
    'x-polity-cost': '0.001234 EUR',
    'x-polity-energy-wh': '0.8000',
  });
});
