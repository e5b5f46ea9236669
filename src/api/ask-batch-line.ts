import { AnswerHeaders, answer, type Dialect, type Exchange, openEvent, readJson } from '../gateway/index.ts';
import { Problem } from '../kit/index.ts';
import type { LineAsker } from '../vault/index.ts';
import type { BatchRow } from '../vault/ports.ts';
import { InsideSink } from './inside-sink.ts';
import { asProblem, renderProblem } from './problem-response.ts';
import { type InferenceParts, noteProblem } from './serve-inference.ts';

/** These end a try and not the line: a limit or a full backend will have room again, what is away will be back. */
const PASSING = new Set([
  ...['rate-limited', 'overloaded', 'stopping', 'model-unavailable'],
  ...['ledger-unavailable', 'database-unavailable'],
]);
const RETRY_MS = 5_000;

/** Lines of batches on the nine-step path: as the key that ordered them, behind everybody who waits for an answer. */
export function batchLineAsker(dialects: readonly Dialect[], parts: InferenceParts): LineAsker {
  const byEndpoint = new Map(dialects.map((dialect) => [dialect.endpoint, dialect]));
  return async (batch, line) => {
    const requestId = parts.ids.receiptId();
    const sink = new InsideSink(() => {});
    let problem: Problem | null;
    let exchange: Exchange | null = null;
    try {
      const dialect = byEndpoint.get(batch.endpoint);
      if (dialect === undefined) throw new Problem('invalid-request', `\`${batch.endpoint}\` takes no batches`);
      exchange = openExchange({ batch, line, dialect, sink, requestId }, parts);
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
    if (problem === null) return { ...notesOf(exchange, requestId), ...answered(sink) };
    if (parts.cut.aborted) return { kind: 'later', afterMs: 0 };
    if (PASSING.has(problem.code) || isUnreached(exchange))
      return { kind: 'later', afterMs: problem.extras.retryAfterMs ?? RETRY_MS };
    const { status, body } = renderProblem(problem, requestId);
    return { ...notesOf(exchange, requestId), status, body: JSON.parse(body) };
  };
}

/** Nothing was sent: nobody was there. */
function isUnreached(exchange: Exchange | null): boolean {
  return exchange?.event.problem === 'upstream-failed' && exchange.event.reason?.startsWith('unreachable: ') === true;
}

function notesOf(exchange: Exchange | null, requestId: string) {
  const dropped = exchange?.headers.toRecord()['x-polity-dropped'] ?? null;
  return { kind: 'answered', requestId, receiptId: exchange?.event.receiptId ?? null, dropped } as const;
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

function answered(sink: InsideSink) {
  return { status: sink.status, body: JSON.parse(Buffer.from(sink.bytes()).toString('utf8')) as unknown };
}
