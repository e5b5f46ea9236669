import type { ApiKey } from '../identity/ports.ts';
import type { Route } from '../policy/schema.ts';
import type { AccountOwner } from '../programmes/ports.ts';

/** What follows from a decision alone, for every request that it is about. */
export interface RoutePlan {
  /** The legal set without routes that demand what this service cannot carry out yet. */
  readonly permitted: readonly Route[];
  /** Of these, where a request goes that makes use of nothing special. */
  readonly plain: readonly Route[];
  /** Whose limits such a request counts against, by its key. */
  readonly owners: WeakMap<ApiKey, readonly AccountOwner[]>;
}
