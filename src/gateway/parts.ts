/** What the path is given. Wired in `processes/gateway.ts`. */
import type { Charter, CharterFile, Model, Purpose, Tenant } from '../charter/schema.ts';
import type { KeyRing } from '../identity/ports.ts';
import type { ModelPort } from '../inference/ports.ts';
import type { Bag, Bagged, Clock, Ids, Timers } from '../kit/index.ts';
import type { Recorder } from '../ledger/ports.ts';
import type { Lattice } from '../policy/index.ts';
import type { Law } from '../policy/schema.ts';
import type { Quota } from '../programmes/ports.ts';
import type { ResponseKeeper } from '../vault/ports.ts';
import type { BodyRoom } from './body-room.ts';
import type { RoutePlan } from './route-plan.ts';
import type { Traffic } from './routing/traffic.ts';

/** Everything that one version of the charter decides. A running request keeps the one that it began with. */
export interface CharterInForce {
  readonly charter: Charter;
  readonly law: Law;
  readonly lattice: Lattice;
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly purposes: ReadonlyMap<string, Purpose>;
  readonly models: ReadonlyMap<string, Model>;
  /** By backend id. */
  readonly ports: ReadonlyMap<string, ModelPort>;
  /** What statements say of a route or denial, written once for many requests, because decisions are memoised. */
  readonly described: WeakMap<object, Map<string, Uint8Array>>;
  /** What follows from a decision, worked out once. */
  readonly plans: WeakMap<object, RoutePlan>;
}

/** What a request may be at most. */
export type Bounds = CharterFile['bounds'];

export interface PathParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly keys: KeyRing;
  readonly quota: Quota;
  readonly recorder: Recorder;
  /** State of conversations; null where nothing is kept. */
  readonly responses: ResponseKeeper | null;
  readonly traffic: Traffic;
  readonly bodies: BodyRoom;
  /** Calls that are under way; each is interrupted when `cut` is aborted. A listener each would cost more. */
  readonly flows: Bag<Bagged & { interrupt(): void }>;
  /** Aborted when running answers must end now, because the process does. */
  readonly cut: AbortSignal;
  /** Random id of this installation. */
  readonly installation: string;
  inForce(): CharterInForce;
  /** True once the process takes no more requests. */
  isStopping(): boolean;
}
