import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import Fastify from 'fastify';
import { installProblems } from '../src/api/install-problems.ts';
import { assistantRoutes } from '../src/api/routes/assistant.ts';
import { type AssistantDesk, openAssistantDesk } from '../src/assistant/index.ts';
import type { AnswerPath, PathAnswer, PathListener, PathQuestion } from '../src/assistant/ports.ts';
import type { Ask, QuotedAnswer, TurnView } from '../src/assistant/schema.ts';
import type { Charter } from '../src/charter/schema.ts';
import { randomIds, utf8 } from '../src/kit/index.ts';
import { checkCharter, readRedLineSets } from '../src/policy/index.ts';
import {
  ASSISTANT_CHANNELS,
  openAssistantStore,
  openDatabase,
  openListener,
  openWorkerLease,
  sweepRows,
} from '../src/store/index.ts';
import { editedBytes } from './charter-files.ts';

export const ORIGIN = 'https://ai.example.ee';

/** A path whose answers a test steers by the words of the question. */
export class ScriptedPath implements AnswerPath {
  readonly asked: PathQuestion[] = [];
  /** What `chat` says; each piece follows the one before when `release` is called, or at once. */
  pieces: readonly string[] = ['Tere, ', 'maailm'];
  gate: () => Promise<void> = async () => {};
  ending: PathAnswer | null = null;

  async ask(asked: PathQuestion, listener: PathListener, stop: AbortSignal): Promise<PathAnswer> {
    this.asked.push(asked);
    const receiptId = randomBytes(16).toString('hex');
    listener.onReceipt(receiptId);
    if (this.ending !== null) return this.ending;
    if (asked.mode === 'quoted') {
      await this.gate();
      return { kind: 'complete', receiptId, wire: utf8(JSON.stringify(quotedAnswer(asked.question))) };
    }
    for (const piece of this.pieces) {
      listener.onText(piece);
      await Promise.race([this.gate(), aborted(stop)]);
      if (stop.aborted) return { kind: 'stopped', receiptId };
    }
    return { kind: 'complete', receiptId, wire: utf8('data: [DONE]\n\n') };
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Repeats the question in a passage, so that canaries come back in answers too. */
function quotedAnswer(question: string): QuotedAnswer {
  const passage = {
    id: 'birth/1',
    heading: 'Registreerimine',
    text: `Lõik: ${question}`,
    title: 'Sünni registreerimine',
    language: 'et',
    authority: 'Siseministeerium',
    link: 'https://www.siseministeerium.ee/',
    law: [{ act: 'Perekonnaseisutoimingute seadus', section: '§ 22', url: 'https://www.riigiteataja.ee/' }],
    provenance: 'project' as const,
    checked: null,
    matches: [[0, 4] as const],
  };
  const office = { name: 'Kasutajatugi', link: 'https://www.eesti.ee/' };
  return {
    object: 'quoted_answer',
    found: true,
    language: 'et',
    passages: [passage],
    service: null,
    office,
    nearest: [],
  };
}

function exampleCharter(): Charter {
  const checked = checkCharter(editedBytes({}), readRedLineSets());
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.errors));
  return checked.charter;
}

export interface OpenAssistant {
  readonly desk: AssistantDesk;
  readonly path: ScriptedPath;
  readonly url: string;
  readonly pool: ReturnType<typeof openDatabase<never>>['pool'];
  readonly kek: Uint8Array;
  /** As if a charter without `assistant` were adopted, or the old one again. */
  closeByCharter(isClosed: boolean): void;
  /** Moves the wall clock of the assistant, milliseconds. */
  advance(ms: number): void;
  /** The lease ends as if the process had died: what runs is nobody's. */
  endLease(): Promise<void>;
  /** As the ledger process does every hour. */
  sweep(): Promise<void>;
  browser(): Browser;
  close(): Promise<void>;
}

/** The assistant of one process, behind real HTTP and on a real database. */
export async function openAssistant(databaseUrl: string, kek: Uint8Array = randomBytes(32)): Promise<OpenAssistant> {
  const database = openDatabase<never>({ url: databaseUrl, role: 'test', connections: 6 });
  const listener = await openListener({ url: databaseUrl, role: 'test', channels: ASSISTANT_CHANNELS });
  const worker = randomBytes(4).toString('hex');
  const lease = await openWorkerLease(database.pool, { id: worker, role: 'gateway', onLost: () => {} });
  const path = new ScriptedPath();
  const open = exampleCharter();
  const { assistant: _, ...country } = open.country;
  const closed: Charter = { ...open, country };
  let charter = open;
  const time = { aheadMs: 0 };
  const desk = openAssistantDesk({
    store: openAssistantStore(database.pool, listener),
    path,
    receipts: { readReceipt: async (id) => ({ id, state: 'included' }) },
    frequent: { list: (language) => (language === 'et' ? [{ question: 'Kuidas?', authority: 'Amet' }] : []) },
    routes: {
      list: (mode) =>
        charter.backends.filter(({ model }) => (model === null) === (mode === 'quoted')).map(({ id }) => id),
    },
    clock: { wallMs: () => Date.now() + time.aheadMs, monotonicMs: () => performance.now() },
    ids: randomIds(),
    kek,
    worker,
    charter: () => charter,
    delay: (ms) => delay(ms),
    report: (fault) => console.error(fault),
  });
  const app = Fastify({ bodyLimit: 64_000 });
  const log = { write: () => {} };
  installProblems(app, [], log);
  assistantRoutes(app, { assistant: desk, publicUrl: ORIGIN, isStopping: () => false, log });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    desk,
    path,
    url,
    kek,
    pool: database.pool,
    closeByCharter: (isClosed) => {
      charter = isClosed ? closed : open;
    },
    advance: (ms) => {
      time.aheadMs += ms;
    },
    endLease: () => lease.end(),
    sweep: () => sweepRows(database.pool, Date.now() + time.aheadMs),
    browser: () => new Browser(url),
    async close() {
      await desk.idle();
      app.server.closeAllConnections();
      await app.close();
      await lease.end();
      await listener.close();
      await database.close();
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly body: any;
}

/** Somebody with a cookie jar for one cookie. */
export class Browser {
  readonly #url: string;
  cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** The same cookies towards another process. */
  at(url: string): Browser {
    const other = new Browser(url);
    other.cookie = this.cookie;
    return other;
  }

  /** `line` is method and path, such as `POST /api/guest`. */
  async send(line: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await this.open(line, body, headers);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
  }

  async open(line: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> {
    const [method = '', path = ''] = line.split(' ', 2);
    const isSafe = method === 'GET' || method === 'HEAD';
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(isSafe ? {} : { origin: ORIGIN, 'content-type': 'application/json' }),
        ...headers,
      },
      ...(isSafe ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const set = response.headers.get('set-cookie');
    if (set !== null) this.cookie = set.split(';')[0] as string;
    return response;
  }

  get(path: string): Promise<Reply> {
    return this.send(`GET ${path}`);
  }

  async ask(question: string, more: Partial<Ask> & { conversation?: string; key?: string } = {}): Promise<TurnView> {
    const { conversation, key, ...rest } = more;
    const path = conversation === undefined ? '/api/conversations' : `/api/conversations/${conversation}/turns`;
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    const reply = await this.send(`POST ${path}`, { question, mode: 'quoted', language: 'et', ...rest }, headers);
    if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
    return reply.body as TurnView;
  }

  /** All events until the stream ends. */
  async events(turn: string): Promise<readonly { event: string; id: string; data: TurnView & { at: number } }[]> {
    const text = await (await this.open(`GET /api/turns/${turn}/events`)).text();
    return text
      .split('\n\n')
      .filter((block) => block.startsWith('event: '))
      .map((block) => {
        const [, event = '', id = '', data = ''] = /^event: (.*)\nid: (.*)\ndata: (.*)$/.exec(block) ?? [];
        return { event, id, data: JSON.parse(data) };
      });
  }

  /** Waits for the end. */
  async ended(turn: string): Promise<TurnView> {
    const last = (await this.events(turn)).at(-1);
    if (last === undefined) throw new Error('the stream was empty');
    return last.data;
  }
}
