import type { Problem } from '../kit/index.ts';
import type { Exchange } from './exchange.ts';
import type { PathParts } from './parts.ts';
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
  const identified = identifyCaller(exchange, parts);
  const read = await readRequest(identified, parts);
  const classified = classifyData(read);
  const decided = decideRoute(classified);
  const prepared = decided.kind === 'refused' ? decided : await preparePrompt(decided, parts);
  if (prepared.kind === 'refused') return await recordRefusal(prepared, parts);
  return await callRoutes(prepared, parts);
}

/** Steps 6 to 9, once for each attempt: every attempt is a decision of its own, and only routes of the legal set are tried. */
async function callRoutes(prepared: Prepared, parts: PathParts): Promise<Problem | null> {
  let previous: string | null = null;
  for (const [position, route] of prepared.routes.entries()) {
    const attempt = { number: position + 1, previous, route };
    const recorded = await recordIntent(prepared, attempt, parts);
    const called = await callAndScreen(recorded, parts);
    if (called.kind === 'screened') return await recordOutcome(called, parts);
    const isLast = position + 1 === prepared.routes.length || !called.failure.mayFallBack;
    const problem = await recordFailure(called, { isLast }, parts);
    if (problem !== null) return problem;
    previous = recorded.receiptId;
  }
  throw new Error('the legal set was empty');
}

/** Behind a recorded intent nothing may be thrown: whatever happens has an outcome, or the intent would stay open. */
async function callAndScreen(recorded: Recorded, parts: PathParts): Promise<Screened | Failed> {
  try {
    const answering = await callModel(recorded, parts);
    return answering.kind === 'answering' ? await screenAnswer(answering, parts) : answering;
  } catch (cause) {
    return { kind: 'failed', state: recorded, failure: failureOfFault(cause) };
  }
}
