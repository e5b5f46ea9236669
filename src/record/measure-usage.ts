import type { Measured, UsageRow } from './schema.ts';

/** Watt-hours. Where nothing was used, nothing is unknown. */
export function energyOf(rows: readonly UsageRow[]): Measured {
  return measured(rows, (row) => [row.energyMicroWh, row.tokensWithoutEnergy]);
}

/** Grams of CO2. */
export function co2Of(rows: readonly UsageRow[]): Measured {
  return measured(rows, (row) => [row.co2MicroGrams, row.tokensWithoutCo2]);
}

function measured(rows: readonly UsageRow[], read: (row: UsageRow) => readonly [number, number]): Measured {
  let [micros, unknown] = [0, 0];
  for (const row of rows) {
    const [known, without] = read(row);
    micros += known;
    unknown += without;
  }
  return { value: micros === 0 && unknown > 0 ? null : micros / 1e6, isWhole: unknown === 0 };
}
