import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type EmbeddedPostgres, startPostgres } from '../src/store/embedded/start-postgres.ts';
import { migrate } from '../src/store/index.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

let own: Promise<EmbeddedPostgres> | null = null;

/** A server for a whole test run, without fsync: tests of durability start their own. */
export async function startTestServer(): Promise<EmbeddedPostgres & { remove(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'polity-pg-'));
  const server = await startPostgres({ dataDir, fsync: false, report: () => {} });
  return {
    ...server,
    async remove() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The server of `npm test`, or one for this file alone. */
async function serverUrl(): Promise<string> {
  const shared = process.env.POLITY_TEST_SERVER;
  if (shared !== undefined) return shared;
  if (own === null) {
    own = startTestServer();
    const server = await own;
    // The server does not hold the event loop; when the file's tests are over it must not outlive them.
    process.once('exit', () => {
      process.kill(server.pid, 'SIGQUIT');
      rmSync(dirname(server.folder), { recursive: true, force: true });
    });
  }
  return (await own).url;
}

/** A fresh database with every migration applied. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(server, `CREATE DATABASE ${name}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.href;
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  await migrate(pool);
  await pool.end();
  return { url, drop: () => drop(server, name) };
}

const LEAVE_STEPS = 100;
const LEAVE_MS = 20;

/** A connection that is closing hears of its end by force as an error that nobody listens for any more, so it may close first. */
async function drop(server: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    for (let step = 0; step < LEAVE_STEPS; step++) {
      const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1', [name]);
      if (rowCount === 0) break;
      await delay(LEAVE_MS);
    }
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
