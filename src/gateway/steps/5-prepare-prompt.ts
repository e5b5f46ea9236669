import { Problem } from '../../kit/index.ts';
import type { Obligation, Route } from '../../policy/schema.ts';
import type { Estimate, Hold, RateLimitState, Reservation } from '../../programmes/ports.ts';
import type { Inquiry } from '../dialect.ts';
import { findLack, lackProblem } from '../find-lack.ts';
import type { PathParts } from '../parts.ts';
import { estimatePromptTokens, moneyOf, outputTokensMax } from '../price.ts';
import { rateHeaders } from '../rate-headers.ts';
import type { Decided, Refused } from './4-decide-route.ts';

declare const prepared: unique symbol;

export interface Prepared extends Omit<Decided, 'kind'> {
  readonly [prepared]: true;
  readonly kind: 'prepared';
  readonly hold: Hold;
  /** What the request may use at most, on the dearest backend of the legal set. */
  readonly estimate: Estimate;
  readonly promptTokensEstimate: number;
  /** What attempts of this request have used so far; settled together with the last of them. */
  readonly carried: { tokens: number; moneyMicros: number };
}

/** Step 5: carries out what the law demands of an allowed request, and reserves what it may cost at most. */
export async function preparePrompt(state: Decided, parts: Pick<PathParts, 'quota'>): Promise<Prepared | Refused> {
  const permitted = state.routes.filter((route) => !route.obligations.some(isUnmet));
  if (permitted.length === 0) {
    const clause = state.routes[0]?.obligations.find(isUnmet)?.clause ?? '';
    const detail = `clause \`${clause}\` demands pseudonyms, which this service cannot make yet; remove personal data or lower the class`;
    return refuse(state, new Problem('instructions-refused', detail));
  }
  const routes = permitted.filter(({ facts }) => findLack(state.inquiry, facts.backend) === null);
  if (routes.length === 0) return refuse(state, lackProblem(state.inquiry, permitted));
  const { texts, mediaTokens } = state.inquiry;
  const promptTokensEstimate = estimatePromptTokens(texts.reveal()) + mediaTokens;
  const estimate = estimateDearest(state.inquiry, routes, promptTokensEstimate);
  const { key, tenant } = state.caller;
  const owners = [
    { id: `tenant:${tenant.id}`, limits: tenant.limits },
    { id: `key:${key.id}`, limits: key.limits },
  ];
  const pending = parts.quota.reserve(owners, estimate);
  const reservation: Reservation = pending instanceof Promise ? await pending : pending;
  Object.assign(state.exchange.headers, rateHeaders(reservation.rate));
  if (reservation.kind === 'over-rate') throw overRate(reservation);
  if (reservation.kind === 'over-budget') {
    const problem = new Problem(
      'over-budget',
      `\`${reservation.limit}\` has no room for ${estimate.tokens} tokens; ask for fewer or wait`,
    );
    return refuse(state, problem);
  }
  const { hold } = reservation;
  return Object.assign(state, {
    kind: 'prepared',
    routes,
    hold,
    estimate,
    promptTokensEstimate,
    carried: { tokens: 0, moneyMicros: 0 },
  }) as unknown as Prepared;
}

function refuse(state: Decided, problem: Problem): Refused {
  return { kind: 'refused', state, decision: state.decision, problem };
}

function overRate(reservation: { limit: string; retryAfterMs: number; rate: RateLimitState }): Problem {
  const seconds = Math.ceil(reservation.retryAfterMs / 1000);
  return new Problem('rate-limited', `\`${reservation.limit}\` is reached; try again in ${seconds} s`, {
    retryAfterMs: reservation.retryAfterMs,
  });
}

/** What this service cannot carry out yet. A route that demands it drops out of the legal set. */
function isUnmet(obligation: Obligation): boolean {
  return obligation.kind === 'pseudonymise';
}

function estimateDearest(inquiry: Inquiry, routes: readonly Route[], promptTokens: number): Estimate {
  let tokens = 0;
  let moneyMicros = 0;
  for (const { facts } of routes) {
    const completionTokens = outputTokensMax(inquiry, facts.backend) * inquiry.choices;
    tokens = Math.max(tokens, promptTokens + completionTokens);
    moneyMicros = Math.max(moneyMicros, moneyOf(facts.backend, { promptTokens, completionTokens }));
  }
  return { tokens, moneyMicros };
}
