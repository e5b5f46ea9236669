import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Problem } from '../kit/index.ts';
import { type EmbeddedPostgres, startPostgres } from '../store/index.ts';
import type { Settings } from './settings.ts';

const PAUSE_FIRST_MS = 200;
const PAUSE_MOST_MS = 5_000;
/** For supervisor, ledger, and people who look. */
const CONNECTIONS_BASE = 168;
/** Its pool, its recorder's and its listener have 12 together. A restart needs room for one gateway more. */
const CONNECTIONS_PER_GATEWAY = 16;

export interface KeptDatabase {
  readonly url: string;
  /** Null for a server that is not ours. */
  pid(): number | null;
  stop(): Promise<void>;
}

interface Hooks {
  report(line: string): void;
  step(line: string): void;
}

/** The embedded PostgreSQL, started again whenever it dies; or the server that DATABASE_URL names. */
export async function keepDatabase(settings: Settings, hooks: Hooks): Promise<KeptDatabase> {
  if (settings.databaseUrl !== null) return await reachServer(settings.databaseUrl);
  mkdirSync(settings.dataDir, { recursive: true });
  const connections = CONNECTIONS_BASE + CONNECTIONS_PER_GATEWAY * (settings.workers + 1);
  const options = { dataDir: settings.dataDir, connections, report: hooks.step };
  let server = await startPostgres(options);
  let stopping = false;
  let mending: Promise<void> = Promise.resolve();
  const watch = (watched: EmbeddedPostgres) => {
    void watched.ended.then(() => {
      if (stopping) return;
      hooks.report('the database server ended; it is started again');
      mending = mend();
    });
  };
  async function mend(): Promise<void> {
    for (let pauseMs = PAUSE_FIRST_MS; !stopping; pauseMs = Math.min(2 * pauseMs, PAUSE_MOST_MS)) {
      try {
        server = await startPostgres(options);
        return watch(server);
      } catch (cause) {
        hooks.report((cause as Error).message);
        await delay(pauseMs);
      }
    }
  }
  watch(server);
  return {
    url: server.url,
    pid: () => server.pid,
    async stop() {
      stopping = true;
      await mending;
      await server.stop();
    },
  };
}

async function reachServer(url: string): Promise<KeptDatabase> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.end();
  } catch (cause) {
    const said = (cause as Error).message.replace(/postgres(ql)?:\/\/\S+/g, 'the address');
    throw new Problem(
      'internal',
      `the server that DATABASE_URL names cannot be reached: ${said}; check address, password and that it runs`,
      { cause },
    );
  }
  return { url, pid: () => null, stop: async () => {} };
}
