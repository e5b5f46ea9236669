/** The supervisor: starts the parts in their order, keeps them alive, ends them in the reverse order. */
import { Problem, systemClock } from '../kit/index.ts';
import { endAllLeases, migrate, openDatabase } from '../store/index.ts';
import { CharterOffice } from './charter-office.ts';
import { checkPort } from './check-port.ts';
import { controlRoutes } from './control-routes.ts';
import { startControl } from './control-server.ts';
import { createFirstAccess, openInstallation } from './first-start.ts';
import { keepDatabase } from './keep-database.ts';
import { KnowledgeOffice } from './knowledge-office.ts';
import { lockData } from './lock-data.ts';
import { makeRunFolder } from './run-folder.ts';
import { readSettings, type Settings } from './settings.ts';
import { startChildren } from './start-children.ts';
import { exportLines } from './tell-export.ts';
import { lackingKeyLines } from './tell-lacking-keys.ts';
import { createTeller } from './tell-ready.ts';

/** Signals within this time are one request to stop. */
const ONE_REQUEST_MS = 500;

/** Things to undo, in the reverse order of their doing. */
type Undo = () => Promise<void> | void;

/** A start that can be called off between two of its steps. */
class Run {
  readonly undo: Undo[] = [];
  #starting: Promise<unknown> = Promise.resolve();
  #ending: Promise<void> | null = null;
  #askedMs = 0;

  get isEnding(): boolean {
    return this.#ending !== null;
  }

  /** What is on its way, such as a database that starts, ends before it is undone: nothing may be left behind. */
  async step<T>(work: () => Promise<T> | T): Promise<T> {
    if (this.isEnding) throw new CalledOff();
    const started = Promise.resolve().then(work);
    this.#starting = started.catch(() => {});
    return await started;
  }

  end(code: number): void {
    if (this.#ending !== null) return;
    this.#askedMs = systemClock.monotonicMs();
    this.#ending = this.#starting.then(() => this.#undoAll()).then(() => process.exit(code));
  }

  /** Ctrl-C reaches us from the terminal and from the bootstrap that passes it on: two that come together are one. */
  signal(): void {
    // A later one means now: children notice that we are gone and end, the database recovers at the next start.
    if (this.isEnding && systemClock.monotonicMs() - this.#askedMs > ONE_REQUEST_MS) process.exit(1);
    this.end(0);
  }

  async #undoAll(): Promise<void> {
    for (const step of this.undo.reverse()) {
      try {
        await step();
      } catch (cause) {
        report(`while ending: ${(cause as Error).message}`);
      }
    }
  }
}

class CalledOff extends Error {}

export async function runSupervisor(words: readonly string[]): Promise<void> {
  const run = new Run();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => run.signal());
  // The bootstrap was killed: whoever started us believes that we are gone.
  process.once('disconnect', () => run.end(0));
  // A terminal that was closed, or a reader that left: we go on serving.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    await start(readSettings(process.env, words), run);
  } catch (cause) {
    if (run.isEnding) return;
    report(cause instanceof Problem ? cause.message : ((cause as Error).stack ?? String(cause)));
    run.end(1);
  }
}

async function start(settings: Settings, run: Run): Promise<void> {
  const startedMs = systemClock.monotonicMs();
  const teller = createTeller(settings.json);
  for (const line of exportLines(settings.telemetry)) report(line);
  await run.step(() => checkPort(settings));
  const lock = await run.step(() => lockData(settings.dataDir));
  run.undo.push(() => lock.release());
  const folder = makeRunFolder(settings.dataDir);
  const database = await run.step(() => keepDatabase(settings, { report, step: teller.step }));
  run.undo.push(() => database.stop());
  const { pool, close } = openDatabase<never>({ url: database.url, role: 'supervisor', connections: 3 });
  run.undo.push(() => close());
  await run.step(() => migrate(pool));
  // The lock is ours: whoever worked for this data folder before is dead.
  await run.step(() => endAllLeases(pool, settings.databaseUrl === null ? 'everywhere' : 'on this machine'));
  const installation = await run.step(() => openInstallation(pool, settings.dataDir));
  const office = new CharterOffice(pool);
  await run.step(() => office.open(settings.charterFolder, report));
  for (const line of lackingKeyLines(office.current().backends, process.env)) report(line);
  const knowledge = new KnowledgeOffice(pool);
  await run.step(() => knowledge.open(settings.charterFolder, report));
  // Before the gateways, which then know the first key from their start.
  const access = await run.step(() => createFirstAccess(pool, office.current(), settings.publicUrl));
  const parts = {
    settings,
    run: folder,
    pool,
    office,
    knowledge,
    teller,
    database,
    report,
    installation: installation.id,
  };
  const children = await run.step(() => startChildren(parts));
  run.undo.push(() => children.stop());
  const routes = controlRoutes(parts, { children, startedMs, end: () => run.end(0) });
  const control = await run.step(() => startControl(folder.controlSocket, routes));
  run.undo.push(() => control.close());
  process.on('SIGHUP', () => {
    office.apply(settings.charterFolder).then(
      (adopted) => report(`the charter of ${settings.charterFolder}: ${adopted.kind}`),
      (cause) => report((cause as Error).message),
    );
  });
  await children.ready;
  teller.ready({ url: settings.publicUrl, ...access });
}

function report(line: string): void {
  process.stderr.write(`polity: ${line}\n`);
}
