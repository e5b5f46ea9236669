/**
 * A gateway process: HTTP on connections that the supervisor hands over, the path, and the public side of the ledger. Holds
 * no signing key.
 */
import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createApiServer, createTelemetry, openAnswerPath } from '../api/index.ts';
import {
  BodyRoom,
  dialects,
  type Exchange,
  openaiChat,
  type PathParts,
  quotedAnswers,
  type RequestEvent,
  Traffic,
} from '../gateway/index.ts';
import { openSessionDesk } from '../identity/index.ts';
import { Bag, randomIds, systemClock, systemTimers } from '../kit/index.ts';
import { LeaseQuota } from '../programmes/index.ts';
import {
  ASSISTANT_CHANNELS,
  CHARTER_CHANNEL,
  KEYS_CHANNEL,
  openCharterStore,
  openDatabase,
  openKeyRing,
  openKeyStore,
  openKnowledgeStore,
  openLedgerReader,
  openListener,
  openRecorder,
  openRecordStore,
  openSessionStore,
  openSliceSource,
  openSpeedStore,
  openUsageStore,
  openWorkerLease,
  QUOTA_CHANNEL,
} from '../store/index.ts';
import { CharterDesk } from './charter-in-force.ts';
import type { ProcessConfig } from './config.ts';
import { endSoon, GatewayEnd } from './end-gateway.ts';
import { FrequentList } from './frequent-list.ts';
import { MetricsGatherer } from './gather-metrics.ts';
import { keepHealth } from './keep-health.ts';
import { keepSpeeds } from './keep-speeds.ts';
import { openAssistant } from './open-assistant.ts';
import { openRetrieval } from './open-retrieval.ts';
import { keepBatches, openVault } from './open-vault.ts';
import { readinessOf, watchModel } from './readiness.ts';
import { Connections } from './take-connections.ts';
import type { FromGateway, ToGateway } from './worker-messages.ts';

/** Wide events go to standard error: standard output carries what `npm start -- --json` promises. */
const STANDARD_ERROR = 2;
const QUOTA_BEAT_MS = 1_000;
/** A database that says nothing for so long is as good as gone: who asks gets a 503 and does not hang. */
const DATABASE_MS = 10_000;
/**
 * How long a request waits for slices of other workers. A busy machine must not refuse what a quiet one admits; it is only
 * waited for while others may still give something back.
 */
const QUOTA_WAIT_MS = 1_000;

export async function runGateway(config: ProcessConfig): Promise<void> {
  const parts = await openGateway(config);
  await parts.server.ready();
  const connections = new Connections(parts.server.http, tell);
  const ending = new GatewayEnd(parts, connections);
  process.on('message', (message: ToGateway, connection?: Socket) => {
    if (message.type === 'connection') connections.take(message.id, connection);
    else if (message.type === 'drain') ending.drain(message.graceMs);
    else if (message.type === 'stop') ending.stop();
    else parts.gatherer.hear(message);
  });
  void parts.lost.then(() => {
    // Nobody is sent here any more; what runs ends in error frames and not in silence.
    tell({ type: 'leaves' });
    ending.lose();
  });
  tell({ type: 'ready' });
}

function tell(message: FromGateway): void {
  if (process.connected) process.send?.(message);
}

type Pool = ReturnType<typeof openDatabase>['pool'];

/** Ends all that runs at once. */
function openCut() {
  const cut = new AbortController();
  const flows: PathParts['flows'] = new Bag();
  cut.signal.addEventListener('abort', () => {
    for (const flow of flows.list()) flow.interrupt();
  });
  // Each request that waits for a place listens to it.
  setMaxListeners(0, cut.signal);
  return { cut, flows };
}

/** What the metrics say of backends, asked when somebody looks. */
function loadOf({ charter, traffic }: Awaited<ReturnType<typeof openBase>>) {
  return { backends: () => charter.current().charter.backends.map((one) => ({ id: one.id, ...traffic.view(one) })) };
}

/** Everything but the open port. */
async function openGateway(config: ProcessConfig) {
  const clock = systemClock;
  const base = await openBase(config);
  const { pool } = base.database;
  const { workerId, version } = config;
  const { env: environment } = process;
  const telemetry = await createTelemetry({
    worker: workerId,
    version,
    descriptor: STANDARD_ERROR,
    environment,
    ...loadOf(base),
  });
  const speeds = openSpeedStore(pool);
  const measured = keepSpeeds(speeds, clock);
  const gatherer = new MetricsGatherer({ workers: config.workers, own: telemetry.metrics.render, tell });
  const vault = openVault(pool, config.dataDir);
  const stopping = { value: false };
  const { cut, flows } = openCut();
  const path = {
    clock,
    ids: randomIds(),
    keys: base.keys,
    quota: base.quota,
    recorder: base.recorder,
    timers: systemTimers,
    traffic: base.traffic,
    responses: vault.responses,
    cut: cut.signal,
    bodies: new BodyRoom(),
    flows,
    installation: config.installation,
    log: {
      write(event: RequestEvent, exchange?: Exchange) {
        measured.note(event, exchange?.calls);
        telemetry.log.write(event, exchange);
      },
    },
    inForce: () => base.charter.current(),
    isStopping: () => stopping.value,
  };
  const { dataDir, workerId: worker } = config;
  const frequent = new FrequentList(pool, path.inForce);
  const endFrequent = await frequent.keep((fault) =>
    process.stderr.write(`gateway: the collection: ${fault.message}\n`),
  );
  const ledger = openLedgerReader(pool);
  const answerPath = openAnswerPath({ ...path, quoted: quotedAnswers, chat: openaiChat });
  const { listener } = base;
  const assistant = openAssistant({ ...path, pool, listener, worker, dataDir, path: answerPath, ledger, frequent });
  const metrics = { contentType: telemetry.metrics.contentType, render: () => gatherer.render() };
  const desks = openDesks(pool, config);
  const readiness = () => readinessOf({ pool, ...base });
  return {
    ...base,
    assistant,
    batches: keepBatches(vault, worker, path),
    health: keepHealth(base.traffic, path.inForce),
    endFrequent,
    measured,
    telemetry,
    gatherer,
    stopping,
    cut,
    server: createApiServer(dialects, { ...path, ...desks, ledger, assistant, vault, speeds, metrics, readiness }),
  };
}

/** What the pages and the console read. */
function openDesks(pool: Pool, { version, commit, publicUrl }: ProcessConfig) {
  return {
    record: openRecordStore(pool),
    usage: openUsageStore(pool),
    charters: openCharterStore(pool),
    keyStore: openKeyStore(pool),
    documents: () => openKnowledgeStore(pool).list(),
    sessions: openSessionDesk({ store: openSessionStore(pool), clock: systemClock }),
    version,
    commit,
    publicUrl,
  };
}

/** What talks to the database and to the model process. */
async function openBase(config: ProcessConfig) {
  const { workerId: worker, databaseUrl: url } = config;
  const database = openDatabase({ url, role: 'gateway', connections: 8, answerMs: DATABASE_MS });
  const { pool } = database;
  const lost = Promise.withResolvers<void>();
  const lease = await openWorkerLease(pool, { id: worker, role: 'gateway', onLost: () => endSoon(lost.resolve) });
  const listener = await openListener({
    url,
    role: 'gateway',
    channels: [CHARTER_CHANNEL, KEYS_CHANNEL, QUOTA_CHANNEL, ...ASSISTANT_CHANNELS],
  });
  const time = { clock: systemClock, timers: systemTimers };
  const traffic = new Traffic({ ...time, random: Math.random, workers: config.workers });
  const charter = new CharterDesk(openCharterStore(pool), config, { retrieval: openRetrieval(pool), traffic });
  // One at a time, so that a slow read never puts an older charter back; heard from before the first is read.
  let taking: Promise<void> = Promise.resolve();
  const take = () => {
    taking = taking
      .catch(() => {})
      .then(async () => {
        const digest = await charter.reload();
        await lease.setCharter(digest);
        tell({ type: 'charter', digest });
      });
    return taking;
  };
  listener.on(CHARTER_CHANNEL, () => {
    take().catch((cause: Error) => process.stderr.write(`gateway: the new charter is not taken: ${cause.message}\n`));
  });
  await take();
  const keys = await openKeyRing({ pool, listener, clock: systemClock });
  const source = openSliceSource({ pool, listener, worker });
  const quota = new LeaseQuota({ source, clock: systemClock, worker, waitMs: QUOTA_WAIT_MS, delay: (ms) => delay(ms) });
  const quotaBeat = setInterval(() => void quota.beat(), QUOTA_BEAT_MS);
  const recorder = openRecorder({ url, worker });
  return {
    database,
    lease,
    lost: lost.promise,
    listener,
    charter,
    traffic,
    keys,
    quota,
    quotaBeat,
    recorder,
    model: watchModel(config.modelSocket),
  };
}
