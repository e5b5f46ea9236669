import { EventEmitter } from 'node:events';
import { AnswerHeaders, type Dialect, type Exchange, openaiChat } from '../src/gateway/index.ts';
import { openEvent } from '../src/gateway/open-event.ts';
import type { CharterInForce } from '../src/gateway/parts.ts';
import { type Identified, identifyCaller } from '../src/gateway/steps/1-identify-caller.ts';
import { type Read, readRequest } from '../src/gateway/steps/2-read-request.ts';
import { classifyData } from '../src/gateway/steps/3-classify-data.ts';
import { type Decided, decideRoute, type Refused } from '../src/gateway/steps/4-decide-route.ts';
import type { ApiKey } from '../src/identity/ports.ts';
import { systemClock } from '../src/kit/index.ts';

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
  identify(isStopping?: boolean): Identified;
  read(): Promise<Read>;
  decide(): Promise<Decided | Refused>;
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
  const keys = { find: (secret: string) => (secret === 'right' ? key : null), findById: () => key };
  const identify = (isStopping = false) =>
    identifyCaller(exchange, { keys, inForce: () => inForce, isStopping: () => isStopping });
  const read = () => readRequest(identify(), { clock: systemClock, responses: null });
  return { exchange, response, identify, read, decide: async () => decideRoute(classifyData(await read())) };
}
