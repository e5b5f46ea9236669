import type { Route } from '../policy/schema.ts';
import type { Usage } from './dialect.ts';
import { energyMicrosOf, footprintOf } from './footprint.ts';
import type { Classified } from './steps/3-classify-data.ts';

type Known = Pick<Classified, 'exchange' | 'caller'>;

/** What the count of usage needs and the statement does not say. A guest has no name here either. */
export function describeAccount({ exchange, caller }: Known, used: object = {}): Uint8Array {
  const key = exchange.known?.isGuest === true ? 'guest' : caller.key.id;
  return Buffer.from(JSON.stringify({ key, project: caller.key.project ?? '', ...used }));
}

/** With what the attempt used of energy, as far as the charter has figures. */
export function describeUse(state: Known & { readonly route: Route }, usage: Usage): Uint8Array {
  const { co2Grams } = footprintOf(state.route, usage);
  return describeAccount(state, {
    energyMicroWh: energyMicrosOf(state.route, usage),
    co2MicroGrams: Math.ceil((co2Grams ?? 0) * 1e6),
  });
}
