import { Problem } from '../../kit/index.ts';
import type { Route } from '../../policy/schema.ts';
import { beginStatement } from '../draft-statement.ts';
import type { PathParts } from '../parts.ts';
import { advance } from '../path-state.ts';
import type { Prepared } from './5-prepare-prompt.ts';

declare const recorded: unique symbol;

export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Receipt id of the attempt before. */
  readonly previous: string | null;
  readonly route: Route;
}

export interface Recorded extends Omit<Prepared, 'kind'> {
  readonly [recorded]: true;
  readonly kind: 'recorded';
  readonly receiptId: string;
  readonly route: Route;
  readonly attempt: Attempt;
  /** How long the intent took to be durable. */
  readonly intentMs: number;
  /** When it was: the call begins then. Monotonic milliseconds. */
  readonly calledMs: number;
}

/**
 * Step 6: a durable record before a byte leaves the process. Fails closed with 503: nothing was sent then.
 * If we die here: the ledger finds it when our lease runs out and closes it as unfinished; the citizen saw nothing.
 */
export async function recordIntent(
  state: Prepared,
  attempt: Attempt,
  parts: Pick<PathParts, 'recorder' | 'ids' | 'installation' | 'clock'>,
): Promise<Recorded> {
  const receiptId = parts.ids.receiptId();
  const identity = { ...attempt, installation: parts.installation, reserved: state.estimate };
  const beginning = beginStatement(state, identity);
  const startedMs = parts.clock.monotonicMs();
  try {
    await parts.recorder.recordIntent({ receiptId, holdings: state.hold.holdings, ...beginning });
  } catch (cause) {
    state.hold.release();
    if (cause instanceof Problem) throw cause;
    throw new Problem('ledger-unavailable', 'the request could not be recorded; nothing was sent', { cause });
  }
  const calledMs = parts.clock.monotonicMs();
  const intentMs = calledMs - startedMs;
  const { event, headers } = state.exchange;
  headers.set('x-receipt-id', receiptId);
  event.receiptId = receiptId;
  event.attempts = attempt.number;
  event.backend = attempt.route.facts.backend.id;
  event.model = attempt.route.facts.model?.id ?? 'none';
  event.site = attempt.route.facts.site.id;
  event.intentMs = intentMs;
  const next = advance<Recorded>(state);
  next.kind = 'recorded';
  next.receiptId = receiptId;
  next.route = attempt.route;
  next.attempt = attempt;
  next.intentMs = intentMs;
  next.calledMs = calledMs;
  return next;
}
