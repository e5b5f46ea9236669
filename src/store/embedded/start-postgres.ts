import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Problem } from '../../kit/index.ts';
import { endOrphan } from './end-orphan.ts';
import { type ClusterPlace, placeCluster } from './place-cluster.ts';
import { serverFiles } from './server-files.ts';
import { findServerUser, type ServerUser } from './server-user.ts';

export interface EmbeddedPostgres {
  /** Of the database `polity`. */
  readonly url: string;
  readonly folder: string;
  readonly pid: number;
  /** Resolves when the server has ended, asked for or not. */
  readonly ended: Promise<void>;
  /** Fast shutdown: running statements are rolled back, everything committed is kept. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  readonly dataDir: string;
  /** False for tests only: commits then survive a crash of the process, not of the machine. */
  readonly fsync?: boolean;
  /** How many connections it allows at most. */
  readonly connections?: number;
  /** Says in a line what takes longer than a blink. */
  report(line: string): void;
}

const START_TRIES = 200;
const TRY_MS = 50;
const STOP_MS = 15_000;
const environment = { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH ?? '' };

/** Starts the PostgreSQL that npm brought, in our data folder. The caller holds the lock of that folder. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const user = findServerUser();
  const files = serverFiles(user);
  const place = placeCluster(options.dataDir, user);
  if (!existsSync(join(place.data, 'PG_VERSION'))) initialise(files, place, { user, report: options.report });
  await endOrphan(place.data, options.report);
  // A killed server leaves its socket's lock, and takes a dead process that nobody has waited for yet for its owner.
  rmSync(place.socket, { recursive: true, force: true });
  mkdirSync(place.socket, { recursive: true, mode: 0o700 });
  giveTo(user, place.socket);
  const address = (database: string) =>
    `postgres://polity:${readFileSync(join(place.folder, 'password'), 'utf8').trim()}@localhost/${database}?host=${encodeURIComponent(place.socket)}`;
  const child = await launchPatiently(
    () => launch(files, place, { user, fsync: options.fsync ?? true, connections: options.connections ?? 200 }),
    place,
    address('postgres'),
  );
  const ended = new Promise<void>((resolve) => {
    if (hasEnded(child)) resolve();
    else child.once('exit', () => resolve());
  });
  return {
    url: address('polity'),
    folder: place.folder,
    pid: child.pid as number,
    ended,
    stop: () => stop(child, ended),
  };
}

interface Identity {
  readonly user: ServerUser | null;
}

function giveTo(user: ServerUser | null, path: string): void {
  if (user !== null) chownSync(path, user.uid, user.gid);
}

const runAs = ({ user }: Identity) => (user === null ? {} : { uid: user.uid, gid: user.gid });

/** In a folder beside, renamed when whole: an interrupted set-up leaves nothing that looks like a database. */
function initialise(
  files: string,
  place: ClusterPlace,
  { user, report }: Identity & { report(line: string): void },
): void {
  report(`setting up the database in ${place.folder}`);
  const fresh = `${place.data}.new`;
  const passwordFile = join(place.folder, 'password');
  const handed = join(place.folder, 'password.new');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  giveTo(user, fresh);
  const password = randomBytes(24).toString('hex');
  writeFileSync(handed, `${password}\n`, { mode: 0o600 });
  giveTo(user, handed);
  const made = spawnSync(
    join(files, 'bin/initdb'),
    [
      '-D',
      fresh,
      '-U',
      'polity',
      '-E',
      'UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '-A',
      'scram-sha-256',
      `--pwfile=${handed}`,
      '--no-instructions',
    ],
    { env: environment, encoding: 'utf8', cwd: '/', ...runAs({ user }) },
  );
  rmSync(handed, { force: true });
  if (made.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    const said = tellingLine(made.stderr || made.error?.message || '');
    const remedy = said?.includes('could not look up effective user ID')
      ? 'PostgreSQL only runs as a user with a line in /etc/passwd: add one, or set DATABASE_URL to a server of yours'
      : 'check the free space and the rights of that folder';
    throw new Problem('internal', `the database could not be set up in ${place.folder}: ${said}; ${remedy}`);
  }
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  chmodSync(passwordFile, 0o600);
  renameSync(fresh, place.data);
}

type Launch = Identity & { readonly fsync: boolean; readonly connections: number };

function launch(files: string, place: ClusterPlace, { user, fsync, connections }: Launch): ChildProcess {
  const log = openSync(join(place.folder, 'postgres.log'), 'a', 0o600);
  const settings = {
    listen_addresses: '',
    unix_socket_directories: place.socket,
    unix_socket_permissions: '0700',
    max_connections: String(connections),
    shared_buffers: '128MB',
    log_min_messages: 'warning',
    // A commit that does not wait long enough for others only adds latency: our own group commit gathers them.
    commit_delay: '0',
    ...(fsync ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(files, 'bin/postgres'), ['-D', place.data, ...flags], {
    env: environment,
    cwd: '/',
    // Its own session: Ctrl-C in the terminal must not stop the database before the ledger has flushed.
    detached: true,
    stdio: ['ignore', log, log],
    ...runAs({ user }),
  });
  closeSync(log);
  // Whoever needs the server stays alive for reasons of its own.
  child.unref();
  return child;
}

/** After a kill of everything the old server's children need a moment to notice; until then its memory is in use. */
const OLD_CHILDREN_TRIES = 40;
const OLD_CHILDREN_MS = 250;

async function launchPatiently(
  launchOnce: () => ChildProcess,
  place: ClusterPlace,
  url: string,
): Promise<ChildProcess> {
  const log = join(place.folder, 'postgres.log');
  for (let tries = 1; ; tries++) {
    const before = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    const child = launchOnce();
    try {
      await waitReady(child, place, url);
      return child;
    } catch (cause) {
      const said = readFileSync(log, 'utf8').slice(before);
      if (tries >= OLD_CHILDREN_TRIES || !said.includes('pre-existing shared memory block')) throw cause;
      await delay(OLD_CHILDREN_MS);
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function waitReady(child: ChildProcess, place: ClusterPlace, url: string): Promise<void> {
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  for (let tries = 0; tries < START_TRIES; tries++) {
    if (failure !== null || hasEnded(child)) break;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await createDatabase(client);
      return;
    } catch {
      await delay(TRY_MS);
    } finally {
      await client.end().catch(() => {});
    }
  }
  child.kill('SIGQUIT');
  const log = join(place.folder, 'postgres.log');
  const last = existsSync(log) ? tellingLine(readFileSync(log, 'utf8')) : '';
  throw new Problem('internal', `the database did not start: ${last}; the whole story is in ${log}`, {
    cause: failure,
  });
}

/** The last line that names a fault; what comes after it only tidies up. */
function tellingLine(text: string): string {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => /\b(FATAL|PANIC|error|could not)\b/.test(line)) ?? lines.at(-1) ?? '';
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'polity'`);
  if (rowCount === 0) await client.query('CREATE DATABASE polity');
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
