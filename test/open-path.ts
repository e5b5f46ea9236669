import { createServer } from 'node:http';
import { openAnswerPath } from '../src/api/ask-inside.ts';
import type { RequestLog } from '../src/api/request-log.ts';
import { serveInference } from '../src/api/serve-inference.ts';
import type { AnswerPath } from '../src/assistant/ports.ts';
import type { Backend, Charter } from '../src/charter/schema.ts';
import {
  BodyRoom,
  dialects,
  type Exchange,
  openaiChat,
  quotedAnswers,
  type RequestEvent,
} from '../src/gateway/index.ts';
import { Traffic } from '../src/gateway/routing/traffic.ts';
import { makeKeySecret } from '../src/identity/index.ts';
import { openBackend, openLocal, openUpstream } from '../src/inference/index.ts';
import { Bag, type Bagged, fromUtf8, randomIds, systemClock, systemTimers } from '../src/kit/index.ts';
import { Sealer } from '../src/ledger/index.ts';
import type { Beginning, Intent, Outcome, Recorder } from '../src/ledger/ports.ts';
import type { Statement } from '../src/ledger/schema.ts';
import type { Estimate, Quota } from '../src/programmes/ports.ts';
import type { ResponseKeeper } from '../src/vault/ports.ts';
import { editedBytes, type FileEdit } from './charter-files.ts';
import { putInForce } from './put-in-force.ts';

/** A recorder in memory that does what a test tells it. */
export class ToldRecorder implements Recorder {
  readonly intents: Intent[] = [];
  readonly outcomes: Outcome[] = [];
  readonly #sealer = new Sealer(randomIds());
  /** Awaited before the row counts as durable; may reject. */
  beforeIntent: () => Promise<void> = async () => {};
  beforeOutcome: () => Promise<'recorded' | 'superseded'> = async () => 'recorded';

  async recordIntent(intent: Intent): Promise<void> {
    await this.beforeIntent();
    this.intents.push(intent);
  }

  async recordOutcome(outcome: Outcome): Promise<'recorded' | 'superseded'> {
    const result = await this.beforeOutcome();
    if (result === 'recorded') this.outcomes.push(outcome);
    return result;
  }

  statements(): Statement[] {
    const begun = new Map<string, Beginning>(this.intents.map((intent) => [intent.receiptId, intent]));
    return this.outcomes.map((outcome) => {
      const beginning = outcome.beginning ?? begun.get(outcome.receiptId);
      if (beginning === undefined) throw new Error('an outcome without a beginning');
      return JSON.parse(fromUtf8(this.#sealer.seal(beginning, outcome).payload)) as Statement;
    });
  }
}

export interface OpenPath {
  readonly url: string;
  /** The same path without a connection, as the assistant takes it. */
  readonly inside: AnswerPath;
  readonly recorder: ToldRecorder;
  readonly events: RequestEvent[];
  /** What was learned of the backends is forgotten, as in a new process. */
  forget(): void;
  /** From now on the process takes no more requests. */
  stop(): void;
  /** Reservations that were neither settled nor released. */
  held(): number;
  /** What requests of this path still have of the process; all 0 once nobody asks. */
  kept(): Kept;
  /** A key of which the gateway has not heard yet: it is looked up. */
  readonly newKey: string;
  /** Awaited at steps that are not the recorder's. */
  readonly waits: { lookUp(): Promise<void>; reserve(): Promise<void> };
  close(): Promise<void>;
}

export interface Kept {
  readonly requests: number;
  readonly flows: number;
  /** At backends, or waiting for a place there. */
  readonly places: number;
  readonly reservations: number;
  /** 1 while the room for bodies is not empty. */
  readonly bodies: number;
  readonly intents: number;
}

/** One backend of the test's charter. */
export interface TestBackend {
  readonly url: string;
  readonly dialect?: Backend['dialect'];
  /** Opened as its dialect says, with keys and translation; otherwise its bytes go as they are. */
  readonly asProvider?: boolean;
  /** Where it runs and whose law reaches its owner; without it in the country. */
  readonly place?: { readonly site: string; readonly jurisdiction: string };
  /** Further lines of its entry. */
  readonly more?: string;
}

const site = ({ site: id, jurisdiction }: NonNullable<TestBackend['place']>) => `
- id: ${id}
  place: ${id}
  jurisdiction: ${jurisdiction}
  coordinates: [0, 0]
  grid: { zone: ${jurisdiction}, gramsCo2PerKwh: null, source: null }
`;

/** The example charter with as many backends as addresses, all in the country, tried in their order; the model may do everything. */
function charterServedBy(wanted: readonly TestBackend[], edits: PathWish['edits']): ReturnType<typeof editedBytes> {
  const home = { site: 'tallinn', jurisdiction: 'EE' };
  const backend = ({ url, dialect = 'openai', place = home, more = '' }: TestBackend, position = 0) => `
- id: backend-${position}
  model: smollm2-135m-instruct
  dialect: ${dialect}
  url: ${url}
  site: ${place.site}
  operator: { name: Test, jurisdiction: ${place.jurisdiction} }
  parentJurisdiction: ${place.jurisdiction}
  clearance: { level: internal, caveats: [personal, special-category, minor] }
  ${more.includes('priority:') ? '' : `priority: ${position + 1}`}
  price: { inputPerMillion: 1, outputPerMillion: 2 }
  energy: { whPer1000Tokens: null, source: null }
  evidence: []
  allowPrivateAddress: true
  ${more}
`;
  const retrieval = backend({ url: '' })
    .replace(/id: backend-\S+/, 'id: retrieval')
    .replace(/model: \S+/, 'model: null')
    .replace('dialect: openai', 'dialect: retrieval')
    .replace(/ {2}url: .*\n/, '')
    .replace(/input\S+: 1, output\S+: 2/, 'inputPerMillion: 0, outputPerMillion: 0');
  const modes = ['chat', 'embeddings', 'rerank', 'transcription', 'speech', 'images', 'moderation'];
  const admitted = modes.map((mode) => `    - { mode: ${mode}, languages: [en] }`).join('\n');
  return editedBytes({
    'backends.yaml': [...wanted.map(backend), retrieval].join(''),
    ...(wanted.some(({ place }) => place !== undefined)
      ? { 'sites.yaml': [/$/, wanted.flatMap(({ place }) => (place === undefined ? [] : [site(place)])).join('\n')] }
      : {}),
    'models.yaml': ['    - { mode: chat, languages: [en] }', admitted],
    ...edits,
  });
}

type Quote = (body: Uint8Array) => Promise<Uint8Array>;

interface PathWish {
  readonly quote?: Quote;
  readonly log?: RequestLog;
  /** Where conversations are kept; without it nowhere. */
  readonly responses?: ResponseKeeper;
  /** Of the files of the example charter. */
  readonly edits?: Readonly<Record<string, FileEdit>>;
}

function openPorts(charter: Charter, { wanted, quote }: { wanted: readonly TestBackend[]; quote: Quote }) {
  const open = (backend: Backend, position: number) => {
    if (backend.dialect === 'retrieval') return openLocal(quote);
    if (wanted[position]?.asProvider) return openBackend(backend);
    return openUpstream({ baseUrl: backend.url ?? '', connections: 8, allowPrivateAddress: true });
  };
  return new Map(charter.backends.map((backend, position) => [backend.id, open(backend, position)]));
}

/** Room for everything; counts what is held. */
function openQuota(): Quota & { held: number; waits(): Promise<void> } {
  const quota = {
    held: 0,
    waits: async () => {},
    reserve: async () => {
      await quota.waits();
      quota.held++;
      const end = () => {
        quota.held--;
      };
      const holdings = [{ leaseId: 'lease', amount: 1 }];
      const spend = ({ moneyMicros }: Estimate) => [{ leaseId: 'lease', amount: moneyMicros }];
      const settle = (used: Estimate) => {
        end();
        return spend(used);
      };
      return { kind: 'reserved' as const, rate: {}, hold: { holdings, spend, settle, release: end } };
    },
  };
  return quota;
}

/** Only an empty room has both of its halves. */
function isEmpty(room: BodyRoom): boolean {
  const halves = ['one', 'other'].filter((owner) => room.take(owner, 50, 100) === null);
  for (const owner of halves) room.leave(owner, 50);
  return halves.length === 2;
}

const nothingToQuote: Quote = () => Promise.reject(new Error('nothing to quote'));

const newTraffic = () => new Traffic({ clock: systemClock, timers: systemTimers, random: Math.random });

/** The path behind real HTTP, in front of real upstreams; the recorder and the quota are the test's. */
export async function openPath(backends: readonly (string | TestBackend)[], wish: PathWish = {}): Promise<OpenPath> {
  const recorder = new ToldRecorder();
  const quota = openQuota();
  const newKey = makeKeySecret();
  const waits: OpenPath['waits'] = { lookUp: async () => {}, reserve: async () => {} };
  quota.waits = () => waits.reserve();
  let isStopping = false;
  let requests = 0;
  const events: RequestEvent[] = [];
  const wanted = backends.map((backend) => (typeof backend === 'string' ? { url: backend } : backend));
  const { quote = nothingToQuote, edits } = wish;
  const force = putInForce(charterServedBy(wanted, edits), (charter) => openPorts(charter, { wanted, quote }));
  const key = {
    id: 'key_test',
    tenant: 'agency',
    project: null,
    purposes: ['drafting', 'public-information'],
    defaultLevel: 'internal',
    limits: {},
    role: 'caller' as const,
    expiresAtMs: null,
  };
  const parts = {
    clock: systemClock,
    ids: randomIds(),
    keys: {
      find: (secret: string) => (secret === 'right' ? key : null),
      lookUp: async (secret: string) => {
        await waits.lookUp();
        return secret === newKey ? key : null;
      },
      findById: () => key,
    },
    responses: wish.responses ?? null,
    quota,
    recorder,
    timers: systemTimers,
    traffic: newTraffic(),
    cut: new AbortController().signal,
    bodies: new BodyRoom(),
    flows: new Bag<Bagged & { interrupt(): void }>(),
    installation: 'test',
    log: {
      write(event: RequestEvent, exchange?: Exchange) {
        wish.log?.write(event, exchange);
        events.push(event);
      },
    },
    inForce: () => force,
    isStopping: () => isStopping,
  };
  const server = createServer((request, response) => {
    const dialect = dialects.find(({ endpoint }) => endpoint === request.url) ?? openaiChat;
    requests++;
    void serveInference({ request, response }, dialect, parts).finally(() => requests--);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    inside: openAnswerPath({ ...parts, quoted: quotedAnswers, chat: openaiChat }),
    recorder,
    events,
    forget: () => {
      parts.traffic = newTraffic();
    },
    stop: () => {
      isStopping = true;
    },
    held: () => quota.held,
    kept: () => {
      const views = force.charter.backends.map((backend) => parts.traffic.view(backend));
      const places = views.reduce((sum, { running, waiting }) => sum + running + waiting, 0);
      const ended = new Set(recorder.outcomes.map(({ receiptId }) => receiptId));
      return {
        requests,
        flows: parts.flows.size,
        places,
        reservations: quota.held,
        bodies: isEmpty(parts.bodies) ? 0 : 1,
        intents: recorder.intents.filter(({ receiptId }) => !ended.has(receiptId)).length,
      };
    },
    newKey,
    waits,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...force.ports.values()].map((port) => port.close()));
    },
  };
}
