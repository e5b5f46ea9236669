import { EventEmitter } from 'node:events';
import { AnswerHeaders, type Dialect, type Exchange, openaiChat } from '../src/gateway/index.ts';
import { openEvent } from '../src/gateway/open-event.ts';
import type { CharterInForce } from '../src/gateway/parts.ts';
import { type Identified, identifyCaller } from '../src/gateway/steps/1-identify-caller.ts';
import { type Read, readRequest } from '../src/gateway/steps/2-read-request.ts';
import { classifyData } from '../src/gateway/steps/3-classify-data.ts';
import { type Decided, decideRoute, type Refused } from '../src/gateway/steps/4-decide-route.ts';
import { preparePrompt } from '../src/gateway/steps/5-prepare-prompt.ts';
import { type Recorded, recordIntent } from '../src/gateway/steps/6-record-intent.ts';
import type { ApiKey } from '../src/identity/ports.ts';
import type { ModelCall, ModelEvents, ModelPort } from '../src/inference/ports.ts';
import { Bag, type Bagged, randomIds, systemClock, systemTimers } from '../src/kit/index.ts';
import type { Recorder } from '../src/ledger/ports.ts';
import type { Route } from '../src/policy/schema.ts';
import type { Hold, Quota } from '../src/programmes/ports.ts';

/** A client of the path without a connection: what it was sent, and how it leaves. */
export class HeldAnswer extends EventEmitter {
  headersSent = false;
  destroyed = false;
  writableNeedDrain = false;
  status = 0;
  text = '';

  writeHead(status: number): void {
    this.headersSent = true;
    this.status = status;
  }

  write(bytes: Uint8Array): boolean {
    this.text += Buffer.from(bytes).toString();
    return true;
  }

  end(bytes: Uint8Array): void {
    this.write(bytes);
    this.emit('close');
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

export const agencyKey: ApiKey = {
  id: 'key_test',
  tenant: 'agency',
  project: null,
  purposes: ['drafting', 'public-information'],
  defaultLevel: null,
  limits: {},
  role: 'caller',
  expiresAtMs: null,
};

export interface Walker {
  readonly exchange: Exchange;
  readonly response: HeldAnswer;
  identify(isStopping?: boolean): Promise<Identified>;
  read(): Promise<Read>;
  decide(): Promise<Decided | Refused>;
  /** As far as a durable intent, for the first route. Nothing is reserved for real. */
  record(recorder: Recorder): Promise<Recorded>;
}

interface WalkWish {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly key?: Partial<ApiKey>;
  readonly dialect?: Dialect;
  readonly known?: Exchange['known'];
}

const chat = { model: 'auto', messages: [{ role: 'user', content: 'Tere' }] };

/** One request that walks the first steps of the path in this charter, one after another. */
export function walkPath(inForce: CharterInForce, wish: WalkWish = {}): Walker {
  const { body = chat, dialect = openaiChat, known = null } = wish;
  const key = { ...agencyKey, ...wish.key };
  const headers = { authorization: 'Bearer right', 'content-type': 'application/json', ...wish.headers };
  const response = new HeldAnswer();
  const exchange: Exchange = {
    request: { headers, readBody: async () => Buffer.from(JSON.stringify(body)) },
    response,
    known,
    dialect,
    rank: null,
    requestId: 'request',
    startedMs: systemClock.monotonicMs(),
    event: openEvent('request', dialect.endpoint),
    calls: [],
    headers: new AnswerHeaders(),
  };
  const keys = {
    find: (secret: string) => (secret === 'right' ? key : null),
    lookUp: async () => null,
    findById: () => key,
  };
  const identify = async (isStopping = false) =>
    identifyCaller(exchange, { keys, inForce: () => inForce, isStopping: () => isStopping });
  const read = async () => readRequest(await identify(), { clock: systemClock, responses: null });
  const decide = async () => decideRoute(await classifyData(await read()));
  return { exchange, response, identify, read, decide, record: async (recorder) => record(await decide(), recorder) };
}

const hold: Hold = { holdings: [], spend: () => [], settle: () => [], release: () => {} };
const quota: Quota = { reserve: () => ({ kind: 'reserved', hold, rate: {} }) };

async function record(decided: Decided | Refused, recorder: Recorder): Promise<Recorded> {
  if (decided.kind === 'refused') throw decided.problem;
  const prepared = await preparePrompt(decided, { quota });
  if (prepared.kind === 'refused') throw prepared.problem;
  const route = prepared.routes[0] as Route;
  const parts = { recorder, ids: randomIds(), installation: 'test', clock: systemClock };
  return await recordIntent(prepared, { number: 1, previous: null, route }, parts);
}

/** The parts of the steps behind the intent. */
export function callParts() {
  const cut = new AbortController();
  const flows = new Bag<Bagged & { interrupt(): void }>();
  return { clock: systemClock, timers: systemTimers, flows, cut: cut.signal };
}

/** A model that does what a test tells it, and what it was asked. */
export function tellPort(answer: (events: ModelEvents) => void) {
  const calls: ModelCall[] = [];
  let aborts = 0;
  const port: ModelPort = {
    call(call, events) {
      calls.push(call);
      queueMicrotask(() => answer(events));
      return { abort: () => void aborts++, pause() {}, resume() {} };
    },
    obstacle: () => null,
    close: async () => {},
  };
  return { port, calls, aborts: () => aborts };
}
