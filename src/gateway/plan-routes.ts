import type { Obligation, Route } from '../policy/schema.ts';
import type { AccountOwner } from '../programmes/ports.ts';
import { accountOwners, ofOneModel } from './account-owners.ts';
import type { RoutePlan } from './route-plan.ts';
import type { Decided } from './steps/4-decide-route.ts';

/** Decisions are memoised, so a plan is made once for all requests with the same facts. */
export function planRoutes({ inForce, decision }: Decided): RoutePlan {
  const known = inForce.plans.get(decision);
  if (known !== undefined) return known;
  const permitted = decision.routes.filter((route) => !route.obligations.some(isUnmet));
  const plan = { permitted, plain: ofOneModel(permitted), owners: new WeakMap() };
  inForce.plans.set(decision, plan);
  return plan;
}

/** A route that demands this drops out of the legal set. */
export function isUnmet(obligation: Obligation): boolean {
  return obligation.kind === 'pseudonymise';
}

/** Whose limits the request counts against on these routes. */
export function ownersOf(state: Decided, plan: RoutePlan, routes: readonly Route[]): readonly AccountOwner[] {
  if (routes !== plan.plain) return accountOwners(state, routes);
  const { key } = state.caller;
  let owners = plan.owners.get(key);
  if (owners === undefined) {
    owners = accountOwners(state, routes);
    plan.owners.set(key, owners);
  }
  return owners;
}
