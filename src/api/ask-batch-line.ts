import { AnswerHeaders, answer, type Dialect, type Exchange, openEvent, readJson } from '../gateway/index.ts';
import { Problem } from '../kit/index.ts';
import type { LineAnswer, LineAsker } from '../vault/index.ts';
import type { BatchRow } from '../vault/ports.ts';
import { InsideSink } from './inside-sink.ts';
import { asProblem, renderProblem } from './problem-response.ts';
import { type InferenceParts, noteProblem } from './serve-inference.ts';

/** These end a try and not the line: a limit or a full backend will have room again. */
const PASSING = new Set(['rate-limited', 'overloaded', 'stopping', 'ledger-unavailable']);
const RETRY_MS = 5_000;

/** Lines of batches on the nine-step path: as the key that ordered them, behind everybody who waits for an answer. */
export function batchLineAsker(dialects: readonly Dialect[], parts: InferenceParts): LineAsker {
  const byEndpoint = new Map(dialects.map((dialect) => [dialect.endpoint, dialect]));
  return async (batch, line) => {
    const requestId = parts.ids.receiptId();
    const sink = new InsideSink(() => {});
    let problem: Problem | null;
    try {
      const dialect = byEndpoint.get(batch.endpoint);
      if (dialect === undefined) throw new Problem('invalid-request', `\`${batch.endpoint}\` takes no batches`);
      const exchange = openExchange({ batch, line, dialect, sink, requestId }, parts);
      problem = await walk(exchange, parts);
      exchange.event.status = problem?.status ?? sink.status;
      exchange.event.totalMs = parts.clock.monotonicMs() - exchange.startedMs;
      if (problem !== null) noteProblem(exchange.event, problem);
      parts.log.write(exchange.event, exchange);
    } catch (thrown) {
      problem = asProblem(thrown);
    } finally {
      sink.finish();
    }
    if (problem === null) return answered(sink, requestId);
    // What the end of this process broke off is no fault of the line: whoever serves next asks it again.
    return parts.cut.aborted ? { kind: 'later', afterMs: 0 } : refused(problem, requestId);
  };
}

interface Line {
  readonly batch: BatchRow;
  readonly line: Uint8Array;
  readonly dialect: Dialect;
  readonly sink: InsideSink;
  readonly requestId: string;
}

function openExchange({ batch, line, dialect, sink, requestId }: Line, parts: InferenceParts): Exchange {
  const key = parts.keys.findById(batch.keyId);
  const tenant = key === null ? undefined : parts.inForce().tenants.get(key.tenant);
  if (key === null || tenant === undefined)
    throw new Problem('invalid-key', 'the key that ordered this batch was revoked or has expired');
  const { jsonDepthMax } = parts.inForce().charter.country.bounds;
  return {
    request: { headers: { 'content-type': 'application/json' }, readBody: async () => bodyOf(line, jsonDepthMax) },
    response: sink,
    known: { isGuest: false, caller: { key, tenant }, purpose: batch.purpose },
    dialect,
    rank: 'batch',
    requestId,
    startedMs: parts.clock.monotonicMs(),
    event: openEvent(requestId, dialect.endpoint),
    calls: [],
    headers: new AnswerHeaders('x-request-id', requestId),
  };
}

/** The bytes that stand behind `body`, so that the path reads what was written. @throws Problem as `readJson` does */
function bodyOf(line: Uint8Array, depthMax: number): Buffer {
  // The line is one level around the body.
  const { bytes, members } = readJson(Buffer.from(line), depthMax + 1);
  const body = members.find(({ key }) => key === 'body');
  return bytes.subarray(body?.valueStart, body?.end);
}

async function walk(exchange: Exchange, parts: InferenceParts): Promise<Problem | null> {
  try {
    return await answer(exchange, parts);
  } catch (thrown) {
    return asProblem(thrown);
  }
}

function answered(sink: InsideSink, requestId: string): LineAnswer {
  return {
    kind: 'answered',
    status: sink.status,
    requestId,
    body: JSON.parse(Buffer.from(sink.bytes()).toString('utf8')),
  };
}

function refused(problem: Problem, requestId: string): LineAnswer {
  if (PASSING.has(problem.code)) return { kind: 'later', afterMs: problem.extras.retryAfterMs ?? RETRY_MS };
  const { status, body } = renderProblem(problem, requestId);
  return { kind: 'answered', status, requestId, body: JSON.parse(body) };
}
