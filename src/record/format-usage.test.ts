import assert from 'node:assert/strict';
import { test } from 'node:test';
import { focusFile, formatUsageTable, usageCsv } from './format-usage.ts';
import type { UsageRow, UsageWish } from './schema.ts';

const wish: UsageWish = { from: '2026-11-01', to: '2026-11-30', daily: false, groups: ['backend'], only: {} };

const row = (backend: string, known: Partial<UsageRow>): UsageRow => ({
  day: '2026-11-28',
  group: { tenant: 'agency', model: 'llama', backend },
  currency: 'EUR',
  site: 'tallinn',
  operator: 'Us',
  requests: 3,
  retries: 1,
  refused: 0,
  failed: 1,
  tokensIn: 60,
  tokensOut: 40,
  moneyMicros: 700,
  energyMicroWh: 0,
  co2MicroGrams: 0,
  tokensWithoutEnergy: 0,
  tokensWithoutCo2: 100,
  counted: 0,
  ...known,
});

const measured = row('metered', { energyMicroWh: 86_400 });
const unknown = row('unmetered', { tokensWithoutEnergy: 100 });
const mixed = row('mixed', { energyMicroWh: 86_400, tokensWithoutEnergy: 40 });
const idle = row('idle', { tokensIn: 0, tokensOut: 0, tokensWithoutCo2: 0 });

test('energy and CO2 that nobody knows are shown as unknown, never as nothing, and a part that is unknown is told', () => {
  const lines = formatUsageTable([measured, unknown, mixed, idle], wish).split('\n');
  const ends = lines.slice(1).map((line) => line.split(/\s+/).slice(-2));
  assert.deepEqual(ends, [
    ['0.086', '-'],
    ['-', '-'],
    ['>0.086', '-'],
    ['0.000', '0.000'],
  ]);
  const { header, lines: linesOf } = usageCsv(wish);
  const [first, second] = linesOf([measured, unknown]).split('\r\n');
  assert.ok(header.endsWith(',energy_wh,co2_grams,tokens_without_energy,tokens_without_co2\r\n'));
  assert.deepEqual(
    [first, second].map((line) => line?.split(',').slice(-4).join()),
    ['0.0864,,0,100', ',,100,100'],
  );
});

test('a request that another backend answered shows as a further try there', () => {
  assert.match(formatUsageTable([measured], wish), /requests {2}retries {2}refused {2}failed/);
  const issuer = { id: 'here', name: 'Agency', tenantName: (id: string) => id };
  const { header, lines } = focusFile(issuer);
  const [line = ''] = lines([unknown]).split('\r\n');
  const cells = Object.fromEntries(
    header
      .trim()
      .split(',')
      .map((name, at) => [name, line.split(',')[at]]),
  );
  assert.deepEqual([cells.x_Retries, cells.x_EnergyWh, cells.x_Requests], ['1', '', '3']);
});
