import { Problem } from '../../kit/index.ts';
import { textSubject } from '../../ledger/index.ts';
import type { Outcome, Said } from '../../ledger/ports.ts';
import type { Estimate, Hold, Holding } from '../../programmes/ports.ts';
import { type Bill, billOf, nothingUsed } from '../bill.ts';
import { beginStatement } from '../draft-statement.ts';
import type { CallNote } from '../exchange.ts';
import { type Footprint, footprintHeaders, footprintOf, microsOf } from '../footprint.ts';
import type { PathParts } from '../parts.ts';
import type { Refused } from './4-decide-route.ts';
import type { Recorded } from './6-record-intent.ts';
import type { Failed } from './7-call-model.ts';
import type { Screened } from './8-screen-answer.ts';

type RecordParts = Pick<PathParts, 'recorder' | 'ids' | 'installation' | 'clock'>;

/** Any state behind step 6. */
type Attempted = Omit<Recorded, 'kind'>;

/**
 * Step 9: settles the budget, makes the outcome durable, then lets the end of the answer go.
 * If we die before the commit: the ledger closes the intent as unfinished and the client saw no end.
 * If we die after it: the log says complete, and the client may have seen no end; the receipt tells.
 */
export async function recordOutcome(state: Screened, parts: RecordParts): Promise<Problem | null> {
  const { exchange, failure, summary } = state;
  const bill = billOf(state, summary);
  const ended = failure === null ? 'complete' : failure.clientLeft ? 'unfinished' : 'failed';
  if (failure !== null) exchange.event.reason = failure.reason;
  const unrecorded = await record(state, parts, {
    ended,
    reason: failure === null ? summary.finishReason : failure.problem.code,
    bill,
    said: [
      { name: 'answer/wire', digest: state.wireDigest },
      ...summary.textDigests.map((digest, choice) => textSubject(choice, digest)),
    ],
  });
  const problem = unrecorded ?? failure?.problem ?? null;
  if (failure?.mayBeBilled || unrecorded) exchange.headers.set('x-should-retry', 'false');
  if (problem !== null) return sendFault(state, problem, state);
  tellFootprint(state, bill);
  await keepConversation(state);
  return sendEnd(state);
}

/** What is told of a failure: nothing yet, because another route is tried, or the problem; null when the client has it already. */
export type Told =
  | { readonly kind: 'goes-on'; readonly problem: Problem }
  | { readonly kind: 'ended'; readonly problem: Problem | null };

/** A call that brought no answer. */
export async function recordFailure(failed: Failed, turn: { isLast: boolean }, parts: RecordParts): Promise<Told> {
  const { state, failure } = failed;
  const { exchange } = state;
  exchange.event.reason = failure.reason;
  const bill = failure.mayBeBilled ? billOf(state, null) : nothingUsed;
  const unrecorded = await record(state, parts, {
    ended: failure.clientLeft ? 'unfinished' : 'failed',
    reason: failure.problem.code,
    bill,
    said: [],
    keepsHold: !turn.isLast,
  });
  if (failure.mayBeBilled) exchange.headers.set('x-should-retry', 'false');
  const problem = withReceipt(failure.problem, state.receiptId);
  if (unrecorded === null && !turn.isLast) return { kind: 'goes-on', problem };
  // Kept for the next route, which is not tried: a request that cannot be recorded ends here.
  if (!turn.isLast) state.hold.release();
  // Who was tried more than once was tried enough.
  if (state.attempt.number > 1) exchange.headers.set('x-should-retry', 'false');
  return { kind: 'ended', problem: sendFault(state, unrecorded ?? failure.problem) };
}

/** A decision that ended before any call: one leaf, no intent. */
export async function recordRefusal(refused: Refused, parts: RecordParts): Promise<Problem> {
  const { state, problem, decision } = refused;
  const receiptId = parts.ids.receiptId();
  const nothing = { tokens: 0, moneyMicros: 0 };
  const identity = { installation: parts.installation, number: 1, previous: null, route: null, reserved: nothing };
  try {
    await parts.recorder.recordOutcome({
      receiptId,
      beginning: beginStatement({ ...state, decision }, identity),
      ...endingOf({ ended: 'refused', reason: problem.code, bill: nothingUsed }, parts),
      footprint: { energyMicroWh: 0, co2MicroGrams: 0 },
      said: [],
      spent: [],
    });
  } catch (cause) {
    if (cause instanceof Problem) return cause;
    return new Problem('ledger-unavailable', 'the refusal could not be recorded; nothing was sent', { cause });
  }
  state.exchange.event.receiptId = receiptId;
  state.exchange.event.ended = 'refused';
  return withReceipt(problem, receiptId);
}

interface Conclusion {
  readonly ended: 'complete' | 'failed' | 'unfinished';
  readonly reason: string | null;
  readonly bill: Bill;
  readonly said: readonly Said[];
  /** True while another attempt of the same request will use the reservation. */
  readonly keepsHold?: boolean;
}

/** Makes the conclusion durable. Gives the problem when that failed: then the client must not see a whole answer. */
async function record(state: Attempted, parts: RecordParts, conclusion: Conclusion): Promise<Problem | null> {
  const { exchange, receiptId, hold, route } = state;
  const { bill, keepsHold, said } = conclusion;
  const startedMs = parts.clock.monotonicMs();
  const measured = footprintOf(route, bill);
  const footprint = { energyMicroWh: microsOf(measured.energyWh), co2MicroGrams: microsOf(measured.co2Grams) };
  const used: Estimate = {
    tokens: bill.promptTokens + bill.completionTokens,
    tokensIn: bill.promptTokens,
    tokensOut: bill.completionTokens,
    moneyMicros: bill.moneyMicros,
    energyMicroWh: footprint.energyMicroWh,
  };
  const spent = keepsHold ? spendSome(hold, used) : hold.settle(used);
  noteUsed(state, conclusion, measured);
  const note = noteCall(state, conclusion, startedMs);
  try {
    const result = await parts.recorder.recordOutcome({
      receiptId,
      beginning: null,
      ...endingOf(conclusion, parts),
      footprint,
      said,
      spent,
    });
    if (result === 'recorded') return null;
    return new Problem('ledger-unavailable', 'the ledger has closed this request as unfinished; send it again', {
      receiptId,
    });
  } catch (cause) {
    return new Problem('ledger-unavailable', 'the answer could not be recorded and is not complete', {
      cause,
      receiptId,
    });
  } finally {
    note.outcomeMs = parts.clock.monotonicMs() - startedMs;
    exchange.event.outcomeMs = note.outcomeMs;
  }
}

/** An attempt that used nothing is none for the budget. */
function spendSome(hold: Hold, used: Estimate): readonly Holding[] {
  return used.tokens + used.moneyMicros > 0 ? hold.spend(used) : [];
}

type HowItEnded = Pick<Outcome, 'ended' | 'reason'> & { readonly bill: Bill };
type Ending = Pick<Outcome, 'ended' | 'reason' | 'endedAtMs' | 'usage' | 'moneyMicros'>;

function endingOf({ ended, reason, bill }: HowItEnded, parts: Pick<PathParts, 'clock'>): Ending {
  return { ended, reason, endedAtMs: parts.clock.wallMs(), usage: bill, moneyMicros: bill.moneyMicros };
}

/** Of all attempts together: each of them is charged with its own record. */
function noteUsed({ exchange: { event } }: Attempted, { bill, ended }: Conclusion, measured: Footprint): void {
  const { energyWh, co2Grams } = measured;
  event.ended = ended;
  event.promptTokens = (event.promptTokens ?? 0) + bill.promptTokens;
  event.completionTokens = (event.completionTokens ?? 0) + bill.completionTokens;
  event.usageSource = bill.source;
  event.moneyMicros = (event.moneyMicros ?? 0) + bill.moneyMicros;
  if (energyWh) event.energyWh = (event.energyWh ?? 0) + energyWh;
  if (co2Grams) event.co2Grams = (event.co2Grams ?? 0) + co2Grams;
}

function noteCall(state: Attempted, { ended, reason, bill }: Conclusion, endedMs: number): CallNote {
  const { exchange, route, receiptId, intentMs, calledMs } = state;
  const { firstByteMs: afterMs } = exchange.event;
  const firstByteMs = afterMs === undefined ? null : exchange.startedMs + afterMs;
  const note = { route, receiptId, intentMs, calledMs, endedMs, ended, reason, bill, firstByteMs, outcomeMs: 0 };
  exchange.calls.push(note);
  return note;
}

function tellFootprint({ exchange, route, inForce, outlet }: Screened, bill: Bill): void {
  if (outlet !== null) return;
  const { currency } = inForce.charter.country;
  exchange.headers.setAll(footprintHeaders({ moneyMicros: bill.moneyMicros, currency }, footprintOf(route, bill)));
}

/** The answer is right and recorded even if it cannot be kept: then the next request does not find it. */
async function keepConversation({ inquiry, inForce, classification, exchange }: Screened): Promise<void> {
  try {
    await inquiry.keep?.(inForce.lattice.format(classification));
  } catch {
    exchange.event.reason = 'the conversation could not be kept';
  }
}

function sendEnd(state: Screened): null {
  const { response, headers, event } = state.exchange;
  event.answerBytes = state.sentBytes + state.held.length;
  if (state.outlet !== null) {
    response.end(state.held);
    return null;
  }
  headers.set('content-type', state.mediaType);
  headers.set('content-length', String(state.held.length));
  headers.set('cache-control', 'no-store');
  response.writeHead(200, [...headers.flat()]);
  const { held } = state;
  response.end(held);
  return null;
}

/** A stream that has begun ends in an error frame without its own end, or breaks off; an answer that has not becomes a problem. */
function sendFault(state: Attempted, fault: Problem, screened: Screened | null = null): Problem | null {
  const { response, dialect, requestId, event } = state.exchange;
  const problem = withReceipt(fault, state.receiptId);
  if (!response.headersSent) return problem;
  event.problem = problem.code;
  const reader = screened?.asking.reader;
  const frame = reader?.errorFrame?.(problem, requestId) ?? dialect.errorFrame(problem, requestId);
  if (screened?.outlet) screened.outlet.fail(frame);
  else response.end(frame);
  return null;
}

function withReceipt(problem: Problem, receiptId: string): Problem {
  return new Problem(problem.code, problem.detail, { ...problem.extras, receiptId });
}
