import { type Measured, sumMeasured } from '../kit/index.ts';
import type { UsageRow } from './schema.ts';

/** Watt-hours. */
export function energyOf(row: UsageRow): Measured {
  return sumMeasured([[row.energyMicroWh, row.tokensWithoutEnergy]]);
}

/** Grams of CO2. */
export function co2Of(row: UsageRow): Measured {
  return sumMeasured([[row.co2MicroGrams, row.tokensWithoutCo2]]);
}
