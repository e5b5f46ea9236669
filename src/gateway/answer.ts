import { Problem } from '../kit/index.ts';
import type { Exchange } from './exchange.ts';
import type { PathParts } from './parts.ts';
import { openAttempts } from './routing/open-attempts.ts';
import { identifyCaller } from './steps/1-identify-caller.ts';
import { readRequest } from './steps/2-read-request.ts';
import { classifyData } from './steps/3-classify-data.ts';
import { decideRoute } from './steps/4-decide-route.ts';
import { type Prepared, preparePrompt } from './steps/5-prepare-prompt.ts';
import { type Recorded, recordIntent } from './steps/6-record-intent.ts';
import { callModel, type Failed } from './steps/7-call-model.ts';
import { type Screened, screenAnswer } from './steps/8-screen-answer.ts';
import { recordFailure, recordOutcome, recordRefusal } from './steps/9-record-outcome.ts';
import { failureOfFault } from './upstream-failure.ts';

/**
 * The path of every inference request. Each step takes the state of the one before it, so none can be left out.
 * Resolves to null when the answer is on its way, or to the problem that the client is to be told.
 */
export async function answer(exchange: Exchange, parts: PathParts): Promise<Problem | null> {
  const identifying = identifyCaller(exchange, parts);
  const identified = identifying instanceof Promise ? await identifying : identifying;
  const read = await readRequest(identified, parts);
  const classifying = classifyData(read);
  const classified = classifying instanceof Promise ? await classifying : classifying;
  const decided = decideRoute(classified);
  const prepared = decided.kind === 'refused' ? decided : await preparePrompt(decided, parts);
  if (prepared.kind === 'refused') return await recordRefusal(prepared, parts);
  return await callRoutes(prepared, parts);
}

/** Steps 6 to 9, once for each attempt: every attempt is a decision of its own, and only routes of the legal set are tried. */
async function callRoutes(prepared: Prepared, parts: PathParts): Promise<Problem | null> {
  const attempts = openAttempts(prepared, parts);
  let previous: { readonly receiptId: string; readonly problem: Problem } | null = null;
  for (;;) {
    const chosen = await attempts.choose();
    if (chosen instanceof Problem) {
      prepared.hold.release();
      return previous?.problem ?? chosen;
    }
    const { route, place } = chosen;
    const attempt = { number: attempts.count, previous: previous?.receiptId ?? null, route };
    try {
      const recorded = await recordIntent(prepared, attempt, parts);
      const called = await callAndScreen(recorded, parts);
      place.leave(called.verdict);
      if (called.kind === 'screened') return await recordOutcome(called, parts);
      if (called.failure.isUnfit) attempts.leaveOut(route.facts.backend.id);
      const isFinal = !called.failure.mayFallBack || prepared.exchange.response.headersSent;
      const isLast = isFinal || !attempts.mayRetry(called.verdict);
      const told = await recordFailure(called, { isLast }, parts);
      if (told.kind === 'ended') return told.problem;
      previous = { receiptId: recorded.receiptId, problem: told.problem };
    } finally {
      place.leave({ kind: 'unknown' });
    }
  }
}

/** Behind a recorded intent nothing may be thrown: whatever happens has an outcome, or the intent would stay open. */
async function callAndScreen(recorded: Recorded, parts: PathParts): Promise<Screened | Failed> {
  try {
    const answering = await callModel(recorded, parts);
    return answering.kind === 'answering' ? await screenAnswer(answering) : answering;
  } catch (cause) {
    const failure = failureOfFault(cause);
    return { kind: 'failed', state: recorded, failure, verdict: failure.verdict };
  }
}
