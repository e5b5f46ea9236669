/** The supervisor: starts the parts in their order, keeps them alive, ends them in the reverse order. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { identityControl } from '../identity/index.ts';
import { Problem, type RunFolder, systemClock } from '../kit/index.ts';
import {
  type Database,
  endWorkerLease,
  migrate,
  openDatabase,
  openKeyStore,
  openSessionStore,
} from '../store/index.ts';
import { CharterOffice } from './charter-office.ts';
import { checkPort } from './check-port.ts';
import { type ControlRoutes, startControl } from './control-server.ts';
import { createFirstAccess, openInstallation } from './first-start.ts';
import { type ChildOptions, type KeptChild, keepChild, prepareCluster } from './keep-child.ts';
import { type KeptDatabase, keepDatabase } from './keep-database.ts';
import { lockData } from './lock-data.ts';
import { listenToModel } from './model-progress.ts';
import { makeRunFolder } from './run-folder.ts';
import { readSettings, type Settings } from './settings.ts';
import { createTeller, type Teller } from './tell-ready.ts';

/** Signals within this time are one request to stop. */
const ONE_REQUEST_MS = 500;
const GATEWAY_GRACE_MS = 15_000;
const LEDGER_GRACE_MS = 15_000;
const MODEL_GRACE_MS = 3_000;
const root = join(import.meta.dirname, '../..');

/** Things to undo, in the reverse order of their doing. */
type Undo = () => Promise<void> | void;

export async function runSupervisor(words: readonly string[]): Promise<void> {
  const undo: Undo[] = [];
  let ending: Promise<void> | null = null;
  let askedMs = 0;
  const end = (code: number) => {
    ending ??= endAll(undo).then(() => process.exit(code));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Ctrl-C reaches us from the terminal and from the bootstrap that passes it on: two that come together are one.
      if (ending === null) askedMs = systemClock.monotonicMs();
      // A later one means now: children notice that we are gone and end, the database recovers at the next start.
      else if (systemClock.monotonicMs() - askedMs > ONE_REQUEST_MS) process.exit(1);
      end(0);
    });
  }
  // The bootstrap was killed: nobody could stop us any more from where we were started.
  process.once('disconnect', () => end(0));
  try {
    const settings = readSettings(process.env, words);
    await start(settings, undo, end);
  } catch (cause) {
    if (ending !== null) return;
    process.stderr.write(`polity: ${cause instanceof Problem ? cause.detail : ((cause as Error).stack ?? cause)}\n`);
    end(1);
  }
}

async function endAll(undo: readonly Undo[]): Promise<void> {
  for (const step of [...undo].reverse()) {
    try {
      await step();
    } catch (cause) {
      process.stderr.write(`polity: while ending: ${(cause as Error).message}\n`);
    }
  }
}

async function start(settings: Settings, undo: Undo[], end: (code: number) => void): Promise<void> {
  const startedMs = performance.now();
  const teller = createTeller(settings.json);
  await checkPort(settings);
  const lock = lockData(settings.dataDir);
  undo.push(() => lock.release());
  const run = makeRunFolder(settings.dataDir);
  const database = await keepDatabase(settings, { report, step: teller.step, onLost: () => end(1) });
  undo.push(() => database.stop());
  const { pool, close } = openDatabase<never>({ url: database.url, role: 'supervisor', connections: 3 });
  undo.push(() => close());
  await migrate(pool);
  const installation = await openInstallation(pool, settings.dataDir);
  const office = new CharterOffice(pool);
  await office.open(settings.charterFolder, report);
  const parts = { settings, run, pool, office, teller, database, installation: installation.id };
  const children = startChildren(parts, undo);
  const control = await startControl(run.controlSocket, controlRoutes(parts, { children, startedMs, end }));
  undo.push(() => control.close());
  process.on('SIGHUP', () => {
    office.apply(settings.charterFolder).then(
      (adopted) => report(`the charter of ${settings.charterFolder}: ${adopted.kind}`),
      (cause) => report((cause as Error).message),
    );
  });
  await Promise.all(children.filter(({ role }) => role !== 'model').map(({ ready }) => ready));
  const access = installation.isNew
    ? await createFirstAccess(pool, office.current(), settings.publicUrl)
    : { apiKey: null, adminUrl: null };
  teller.ready({ url: settings.publicUrl, ...access });
}

function report(line: string): void {
  process.stderr.write(`polity: ${line}\n`);
}

interface SupervisedParts {
  readonly settings: Settings;
  readonly run: RunFolder;
  readonly pool: Database<never>['pool'];
  readonly office: CharterOffice;
  readonly teller: Teller;
  readonly database: KeptDatabase;
  readonly installation: string;
}

function startChildren(parts: SupervisedParts, undo: Undo[]): readonly KeptChild[] {
  const { settings, pool } = parts;
  prepareCluster();
  const options = (role: ChildOptions['role']): ChildOptions => ({
    role,
    config: childConfig(parts),
    onDeath: (workerId) => void endWorkerLease(pool, workerId).catch(() => {}),
    onMessage: role === 'model' ? listenToModel({ pool, report, step: parts.teller.step }) : () => {},
    report,
  });
  // The last to start is the first to end: gateways finish their answers while ledger and model still work for them.
  const model = keepChild(options('model'));
  undo.push(() => model.stop(MODEL_GRACE_MS));
  const ledger = keepChild(options('ledger'));
  undo.push(() => ledger.stop(LEDGER_GRACE_MS));
  const gateways = Array.from({ length: settings.workers }, () => keepChild(options('gateway')));
  undo.push(async () => void (await Promise.all(gateways.map((gateway) => gateway.stop(GATEWAY_GRACE_MS)))));
  return [model, ledger, ...gateways];
}

function childConfig({ settings, run, office, database, installation }: SupervisedParts): ChildOptions['config'] {
  return {
    dataDir: settings.dataDir,
    databaseUrl: database.url,
    host: settings.host,
    port: settings.port,
    publicUrl: settings.publicUrl,
    modelSocket: run.modelSocket,
    modelsDir: join(settings.dataDir, 'models'),
    modelOverride: settings.modelOverride,
    model: office.current().models.find(({ id }) => id === office.current().country.embedded.model) ?? null,
    installation,
    charterDomain: office.current().country.domain,
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    commit: readCommit(),
    threads: availableParallelism(),
  };
}

function readCommit(): string | null {
  try {
    return execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

interface Running {
  readonly children: readonly KeptChild[];
  readonly startedMs: number;
  end(code: number): void;
}

function controlRoutes(parts: SupervisedParts, { children, startedMs, end }: Running): ControlRoutes {
  const { pool, settings, office, database } = parts;
  const identity = identityControl({
    keys: openKeyStore(pool),
    sessions: openSessionStore(pool),
    clock: systemClock,
    publicUrl: settings.publicUrl,
    charter: () => office.current(),
  });
  return {
    ...identity,
    status: async () => ({
      url: settings.publicUrl,
      pid: process.pid,
      uptimeMs: Math.round(performance.now() - startedMs),
      charter: office.current().digest,
      installation: parts.installation,
      processes: [
        ...children.map((child) => ({ role: child.role, pid: child.pid() })),
        { role: 'postgres', pid: database.pid() },
      ],
    }),
    stop: async () => {
      setImmediate(() => end(0));
      return { stopping: true };
    },
    'charter/apply': (body) => office.apply(readFolder(body) ?? settings.charterFolder),
  };
}

function readFolder(body: unknown): string | null {
  const folder = (body as { folder?: unknown } | null)?.folder;
  return typeof folder === 'string' ? folder : null;
}
