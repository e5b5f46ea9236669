import { Problem } from '../../kit/index.ts';
import type { Route } from '../../policy/schema.ts';
import type { Estimate, Hold, Reservation } from '../../programmes/ports.ts';
import { ofOneModel, ownerInWords } from '../account-owners.ts';
import type { Inquiry } from '../dialect.ts';
import { findLack, lackProblem } from '../find-lack.ts';
import { footprintOf, microsOf } from '../footprint.ts';
import { overBudget } from '../over-budget.ts';
import type { PathParts } from '../parts.ts';
import { advance } from '../path-state.ts';
import { isUnmet, ownersOf, planRoutes } from '../plan-routes.ts';
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
}

/** Step 5: carries out what the law demands of an allowed request, and reserves what it may cost at most. */
export async function preparePrompt(state: Decided, parts: Pick<PathParts, 'quota'>): Promise<Prepared | Refused> {
  const plan = planRoutes(state);
  const { permitted } = plan;
  if (permitted.length === 0) {
    const clause = state.routes[0]?.obligations.find(isUnmet)?.clause ?? '';
    const detail = `clause \`${clause}\` demands pseudonyms, which this service cannot make yet; remove personal data or lower the class`;
    return refuse(state, new Problem('instructions-refused', detail));
  }
  const isPlain = state.inquiry.needs.length === 0;
  const able = isPlain ? permitted : permitted.filter(({ facts }) => findLack(state.inquiry, facts.backend) === null);
  const routes = isPlain ? plan.plain : ofOneModel(able);
  if (routes.length === 0) return refuse(state, lackProblem(state.inquiry, permitted));
  const { texts, mediaTokens, isFree } = state.inquiry;
  const promptTokensEstimate = isFree ? 0 : estimatePromptTokens(texts.reveal()) + mediaTokens;
  const estimate = estimateDearest(state.inquiry, routes, promptTokensEstimate);
  const pending = parts.quota.reserve(ownersOf(state, plan, routes), estimate);
  const reservation: Reservation = pending instanceof Promise ? await pending : pending;
  state.exchange.headers.setAll(rateHeaders(reservation.rate));
  if (reservation.kind === 'over-rate') throw overRate(reservation);
  if (reservation.kind === 'over-budget')
    return refuse(state, overBudget(reservation, { estimate, currency: state.inForce.charter.country.currency }));
  const { hold } = reservation;
  const next = advance<Prepared>(state);
  next.kind = 'prepared';
  next.routes = routes;
  next.hold = hold;
  next.estimate = estimate;
  next.promptTokensEstimate = promptTokensEstimate;
  return next;
}

function refuse(state: Decided, problem: Problem): Refused {
  return { kind: 'refused', state, decision: state.decision, problem };
}

function overRate(reservation: Extract<Reservation, { kind: 'over-rate' }>): Problem {
  const seconds = Math.ceil(reservation.retryAfterMs / 1000);
  return new Problem(
    'rate-limited',
    `\`${reservation.limit}\` of ${ownerInWords(reservation.owner)} is reached; try again in ${seconds} s`,
    {
      members: { limit: reservation.limit, owner: reservation.owner },
      retryAfterMs: reservation.retryAfterMs,
    },
  );
}

function estimateDearest(inquiry: Inquiry, routes: readonly Route[], promptTokens: number): Estimate {
  let [tokensOut, moneyMicros, energyMicroWh] = [0, 0, 0];
  for (const { facts } of routes) {
    const usage = { promptTokens, completionTokens: outputTokensMax(inquiry, facts.backend) * inquiry.choices };
    tokensOut = Math.max(tokensOut, usage.completionTokens);
    moneyMicros = Math.max(moneyMicros, moneyOf(facts.backend, usage));
    energyMicroWh = Math.max(energyMicroWh, microsOf(footprintOf({ facts }, usage).energyWh));
  }
  const tokens = promptTokens + tokensOut;
  return { tokens, tokensIn: promptTokens, tokensOut, moneyMicros, energyMicroWh, isStream: inquiry.stream };
}
