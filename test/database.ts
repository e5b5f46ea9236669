import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { type EmbeddedPostgres, startPostgres } from '../src/store/embedded/start-postgres.ts';
import { migrate } from '../src/store/index.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops it. */
  close(): Promise<void>;
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
    const starting = startTestServer();
    own = starting;
    after(async () => (await starting).remove());
  }
  return (await own).url;
}

/** A fresh database with every migration applied. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(server, `CREATE DATABASE ${name}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.href;
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  await migrate(pool);
  await pool.end();
  return { url, close: () => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
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
