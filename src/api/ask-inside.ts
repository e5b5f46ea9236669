import type { AnswerPath, Asker, PathAnswer, PathListener, PathQuestion } from '../assistant/ports.ts';
import {
  AnswerHeaders,
  answer,
  chatReader,
  type Dialect,
  type Exchange,
  type KnownCaller,
  openEvent,
} from '../gateway/index.ts';
import { Problem } from '../kit/index.ts';
import { InsideSink } from './inside-sink.ts';
import { asProblem } from './problem-response.ts';
import { type InferenceParts, noteProblem } from './serve-inference.ts';

export interface InsideParts extends InferenceParts {
  readonly quoted: Dialect;
  readonly chat: Dialect;
}

/** How long an answer of the free conversation may get, in tokens: a small model that rambles must come to an end. */
const CHAT_TOKENS_MAX = 600;
/** Earlier turns that the model is shown. */
const CHAT_TURNS_MAX = 6;
/** Earlier questions that retrieval is shown. */
const QUOTED_TURNS_MAX = 6;

/** The nine-step path for the assistant: the same steps, without a connection that could break under them. */
export function openAnswerPath(parts: InsideParts): AnswerPath {
  return {
    async ask(asked, listener, stop) {
      if (!parts.inForce().tenants.has(asked.asker.tenant)) {
        const detail = 'the charter has changed and has no place for this question; load the page again';
        return { kind: 'problem', receiptId: null, problem: new Problem('invalid-request', detail) };
      }
      const dialect = asked.mode === 'quoted' ? parts.quoted : parts.chat;
      const sink = new InsideSink(asked.mode === 'chat' ? readingText(listener) : () => {});
      const exchange = openExchange({ asked, dialect, sink }, parts);
      sink.onHead = () => listener.onReceipt(exchange.event.receiptId ?? '');
      const leave = () => sink.leave();
      stop.addEventListener('abort', leave);
      if (stop.aborted) sink.leave();
      try {
        return conclude(exchange, sink, await walk(exchange, parts));
      } finally {
        stop.removeEventListener('abort', leave);
        sink.finish();
        exchange.event.totalMs = parts.clock.monotonicMs() - exchange.startedMs;
        exchange.event.status = sink.status;
        parts.log.write(exchange.event, exchange);
      }
    },
  };
}

async function walk(exchange: Exchange, parts: InsideParts): Promise<Problem | null> {
  try {
    return await answer(exchange, parts);
  } catch (thrown) {
    return asProblem(thrown);
  }
}

function conclude(exchange: Exchange, sink: InsideSink, problem: Problem | null): PathAnswer {
  const receiptId = exchange.event.receiptId ?? null;
  // A Stop that came after the end stopped nothing.
  if (exchange.event.ended === 'complete' && receiptId !== null && problem === null)
    return { kind: 'complete', receiptId, wire: sink.bytes() };
  if (sink.hasLeft) return { kind: 'stopped', receiptId };
  if (problem !== null) {
    noteProblem(exchange.event, problem);
    return { kind: 'problem', receiptId, problem };
  }
  const code = exchange.event.problem ?? 'upstream-failed';
  return { kind: 'problem', receiptId, problem: new Problem(code, 'the answer broke off') };
}

interface Asking {
  readonly asked: PathQuestion;
  readonly dialect: Dialect;
  readonly sink: InsideSink;
}

function openExchange({ asked, dialect, sink }: Asking, parts: InsideParts): Exchange {
  const requestId = parts.ids.receiptId();
  const body = Buffer.from(JSON.stringify(bodyOf(asked)));
  return {
    request: { headers: {}, readBody: () => Promise.resolve(body) },
    response: sink,
    known: knownCaller(asked.asker, parts),
    dialect,
    rank: null,
    requestId,
    startedMs: parts.clock.monotonicMs(),
    event: openEvent(requestId, dialect.endpoint),
    calls: [],
    headers: new AnswerHeaders('x-request-id', requestId),
  };
}

/** A guest has no key; the path sees one that exists nowhere else and may do nothing else. */
function knownCaller(asker: Asker, parts: InsideParts): KnownCaller {
  const { tenants, charter } = parts.inForce();
  const tenant = tenants.get(asker.tenant);
  if (tenant === undefined) throw new Error(`the assistant's tenant ${asker.tenant} is not of this charter`);
  const key = {
    id: asker.id,
    tenant: tenant.id,
    project: null,
    purposes: [asker.purpose],
    // What guests type is public until detectors find more.
    defaultLevel: charter.classification.levels[0]?.id ?? null,
    limits: asker.limits,
    role: 'caller' as const,
    expiresAtMs: null,
  };
  return { isGuest: true, caller: { key, tenant }, purpose: asker.purpose };
}

function bodyOf({ mode, question, language, history }: PathQuestion): Record<string, unknown> {
  if (mode === 'quoted')
    return { question, language, history: history.slice(-QUOTED_TURNS_MAX).map((turn) => turn.question) };
  const turns = history.slice(-CHAT_TURNS_MAX).flatMap((turn) => [
    { role: 'user', content: turn.question },
    { role: 'assistant', content: turn.answer },
  ]);
  const messages = [...turns, { role: 'user', content: question }];
  return { model: 'auto', stream: true, max_tokens: CHAT_TOKENS_MAX, messages };
}

/** Tells the listener what each piece of the stream adds to the text. */
function readingText(listener: PathListener): (bytes: Uint8Array) => void {
  const reader = chatReader({ choices: 1, wantsUsage: false, onText: (delta) => listener.onText(delta) });
  return (bytes) => void reader.feed(bytes);
}
