import type { Route } from '../policy/schema.ts';
import type { Usage } from './dialect.ts';
import { roundUp } from './price.ts';

/** What one answer cost beside money. Null where the charter has no figure: nothing is guessed. */
export interface Footprint {
  readonly energyWh: number | null;
  readonly co2Grams: number | null;
}

/** From the backend's entry (watt-hours for 1,000 tokens, in and out together) and the grid of its site. */
export function footprintOf({ facts: { backend, site } }: Pick<Route, 'facts'>, usage: Usage): Footprint {
  const { whPer1000Tokens } = backend.energy;
  if (whPer1000Tokens === null) return { energyWh: null, co2Grams: null };
  const energyWh = (whPer1000Tokens * (usage.promptTokens + usage.completionTokens)) / 1000;
  const { gramsCo2PerKwh } = site.grid;
  return { energyWh, co2Grams: gramsCo2PerKwh === null ? null : (energyWh * gramsCo2PerKwh) / 1000 };
}

/** Millionths of a watt-hour or a gram, for budgets and records; 0 where nobody measured. */
export function microsOf(amount: number | null): number {
  return roundUp((amount ?? 0) * 1e6);
}

/**
 * Headers of an answer that is not streamed; a stream has its figures in the receipt alone, for trailers reach nobody.
 * `x-polity-cost` is an amount and its currency.
 */
export function footprintHeaders(
  spent: { readonly moneyMicros: number; readonly currency: string },
  { energyWh, co2Grams }: Footprint,
): Record<string, string> {
  const headers: Record<string, string> = {
    'x-polity-cost': `${(spent.moneyMicros / 1e6).toFixed(6)} ${spent.currency}`,
  };
  if (energyWh !== null) headers['x-polity-energy-wh'] = energyWh.toPrecision(4);
  if (co2Grams !== null) headers['x-polity-co2-grams'] = co2Grams.toPrecision(4);
  return headers;
}
