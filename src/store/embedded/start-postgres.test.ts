import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { type EmbeddedPostgres, startPostgres } from './start-postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-embedded-'));
// As root the server's own user must be able to pass.
chmodSync(folder, 0o711);
const isRoot = process.getuid?.() === 0;
const elsewhere: string[] = [];
after(() => {
  for (const path of [folder, ...elsewhere]) rmSync(path, { recursive: true, force: true });
});

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

function newFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}

test('what was committed survives a kill of the server, and its orphan is ended by the next start', async () => {
  const dataDir = newFolder('durable');
  const said: string[] = [];
  const options = { dataDir, report: (line: string) => void said.push(line) };
  const first = await startPostgres(options);
  assert.deepEqual(await ask(first, 'SHOW fsync'), ['on']);
  assert.deepEqual(await ask(first, 'SHOW data_checksums'), ['on']);
  await ask(first, 'CREATE TABLE kept AS SELECT 1 AS n');
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const second = await startPostgres(options);
  assert.deepEqual(await ask(second, 'SELECT n FROM kept'), [1]);
  // Nobody stops it: for the third start it is the orphan of a killed instance.
  const third = await startPostgres(options);
  await second.ended;
  assert.deepEqual(await ask(third, 'SELECT n FROM kept'), [1]);
  assert.ok(said.some((line) => line.includes(`left behind (process ${second.pid})`)));
  await third.stop();
  await third.ended;
});

test('a set-up that was cut short is begun anew, and a file of a dead server is no obstacle', async () => {
  const dataDir = newFolder('cut');
  mkdirSync(join(dataDir, 'postgres/data.new/base'), { recursive: true });
  const server = await startPostgres({ dataDir, report: () => {} });
  await server.stop();
  // The pid of a process that lives and is no PostgreSQL.
  writeFileSync(join(server.folder, 'data/postmaster.pid'), `${process.pid}\n`);
  const again = await startPostgres({ dataDir, report: () => {} });
  assert.deepEqual(await ask(again, 'SELECT 1'), [1]);
  await again.stop();
});

test('it asks for its password, which its owner alone can read, and listens on no network', async () => {
  const dataDir = newFolder('closed');
  const server = await startPostgres({ dataDir, report: () => {} });
  assert.deepEqual(await ask(server, 'SHOW listen_addresses'), ['']);
  assert.equal(statSync(join(server.folder, 'password')).mode & 0o777, 0o600);
  const wrong = new URL(server.url);
  wrong.password = 'guessed';
  await assert.rejects(ask({ ...server, url: wrong.href }, 'SELECT 1'), /password authentication failed/);
  await server.stop();
});

test('a data folder with a long path has its socket in a short place', async () => {
  const dataDir = newFolder(`long/${'x'.repeat(120)}`);
  const server = await startPostgres({ dataDir, report: () => {} });
  const socket = new URL(server.url).searchParams.get('host') ?? '';
  elsewhere.push(socket);
  assert.ok(socket.length < 90, socket);
  assert.deepEqual(await ask(server, 'SELECT 1'), [1]);
  await server.stop();
});

test('as root, where the server cannot enter the data folder it lies where it can, and says so', {
  skip: !isRoot,
}, async () => {
  const dataDir = newFolder('sealed/data');
  chmodSync(join(folder, 'sealed'), 0o700);
  const said: string[] = [];
  const options = { dataDir, report: (line: string) => void said.push(line) };
  const server = await startPostgres(options);
  elsewhere.push(server.folder);
  assert.ok(!server.folder.startsWith(dataDir));
  assert.ok(said.some((line) => line.includes(server.folder)));
  assert.equal(existsSync(join(dataDir, 'postgres')), false);
  await server.stop();
  // Reached now, it stays where it is: elsewhere would be another database.
  chmodSync(join(folder, 'sealed'), 0o711);
  const again = await startPostgres(options);
  assert.equal(again.folder, server.folder);
  await again.stop();
});

test('a data folder that is made anew has a new database, though an earlier one lies elsewhere', {
  skip: !isRoot,
}, async () => {
  const dataDir = newFolder('anew/data');
  chmodSync(join(folder, 'anew'), 0o700);
  const options = { dataDir, report: () => {} };
  const server = await startPostgres(options);
  elsewhere.push(server.folder);
  await server.stop();
  rmSync(dataDir, { recursive: true });
  mkdirSync(dataDir);
  const fresh = await startPostgres(options);
  elsewhere.push(fresh.folder);
  assert.notEqual(fresh.folder, server.folder);
  await fresh.stop();
});
