/** A gateway process: HTTP on the shared port, the path, and the public side of the ledger. Holds no signing key. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiParts, createApiServer, createTelemetry } from '../api/index.ts';
import { defaultBounds, openaiChat } from '../gateway/index.ts';
import { openSessionDesk } from '../identity/index.ts';
import { randomIds, systemClock } from '../kit/index.ts';
import { LeaseQuota } from '../programmes/index.ts';
import {
  CHARTER_CHANNEL,
  KEYS_CHANNEL,
  openCharterStore,
  openDatabase,
  openKeyRing,
  openLedgerReader,
  openListener,
  openRecorder,
  openSessionStore,
  openSliceSource,
  openWorkerLease,
  QUOTA_CHANNEL,
} from '../store/index.ts';
import { CharterDesk } from './charter-in-force.ts';
import type { ProcessConfig } from './config.ts';
import { readinessOf, watchModel } from './readiness.ts';

/** How long running answers may go on after a stop was asked for, milliseconds. */
const GRACE_MS = 10_000;
/** Wide events go to standard error: standard output carries what `npm start -- --json` promises. */
const STANDARD_ERROR = 2;
const QUOTA_BEAT_MS = 1_000;

export async function runGateway(config: ProcessConfig): Promise<void> {
  const clock = systemClock;
  const database = openDatabase({ url: config.databaseUrl, role: 'gateway', connections: 8 });
  const { pool } = database;
  const lease = await openWorkerLease(pool, {
    id: config.workerId,
    role: 'gateway',
    // Others may already have closed our intents: nothing that we say counts any more.
    onLost: () => process.exit(1),
  });
  const listener = await openListener({
    url: config.databaseUrl,
    role: 'gateway',
    channels: [CHARTER_CHANNEL, KEYS_CHANNEL, QUOTA_CHANNEL],
  });
  const charter = new CharterDesk(openCharterStore(pool), config);
  await lease.setCharter(await charter.reload());
  listener.on(CHARTER_CHANNEL, () => {
    charter.reload().then(
      (digest) => lease.setCharter(digest),
      (cause) => process.stderr.write(`gateway: the new charter is not taken: ${(cause as Error).message}\n`),
    );
  });
  const keys = await openKeyRing({ pool, listener, clock });
  const source = openSliceSource({ pool, listener, worker: config.workerId });
  const quota = new LeaseQuota({ source, clock, worker: config.workerId, delay: (ms) => delay(ms) });
  const quotaBeat = setInterval(() => void quota.beat(), QUOTA_BEAT_MS);
  const recorder = openRecorder({ url: config.databaseUrl, worker: config.workerId });
  const model = watchModel(config.modelSocket);
  const telemetry = createTelemetry({ worker: config.workerId, descriptor: STANDARD_ERROR });
  let stopping = false;
  const parts: ApiParts = {
    clock,
    ids: randomIds(),
    keys,
    quota,
    recorder,
    bounds: defaultBounds,
    installation: config.installation,
    version: config.version,
    commit: config.commit,
    publicUrl: config.publicUrl,
    ledger: openLedgerReader(pool),
    sessions: openSessionDesk({ store: openSessionStore(pool), clock }),
    log: telemetry.log,
    metrics: telemetry.metrics,
    inForce: () => charter.current(),
    isStopping: () => stopping,
    readiness: () => readinessOf({ pool, charter, keys, listener, model }),
  };
  const server = createApiServer([openaiChat], parts);
  await server.ready();
  await new Promise<void>((resolve, reject) => {
    server.http.once('error', reject);
    server.http.listen(config.port, config.host, resolve);
  });
  process.on('message', (message: { type?: string }) => {
    if (message.type !== 'stop' || stopping) return;
    stopping = true;
    void stop();
  });
  process.send?.({ type: 'ready' });

  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.http.close(() => resolve()));
    server.http.closeIdleConnections();
    await Promise.race([closed, delay(GRACE_MS)]);
    // What is still open is cut: its outcome is recorded as unfinished when the connection closes.
    server.http.closeAllConnections();
    clearInterval(quotaBeat);
    await recorder.close();
    await quota.close();
    model.close();
    await charter.close();
    await keys.close();
    await listener.close();
    await lease.end();
    telemetry.flush();
    await database.close();
    process.disconnect?.();
  }
}
