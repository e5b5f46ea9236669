/** The ledger process: the only holder of log and receipt keys. Sequences, signs, publishes, closes what died. */

import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { randomIds, systemClock } from '../kit/index.ts';
import { Sealer } from '../ledger/index.ts';
import {
  ClaimKeeper,
  EntryFeed,
  endWorkers,
  Fenced,
  holdLedgerLock,
  JournalSource,
  type KeyFolder,
  type Listener,
  openActiveLog,
  openDatabase,
  openKeyFolder,
  openListener,
  openReceiptKey,
  openShard,
  openWorkerLease,
  pendingSource,
  projectEntries,
  Sequencer,
  shardName,
  sweepJournal,
  sweepRows,
  sweepTiles,
} from '../store/index.ts';
import type { ProcessConfig } from './config.ts';
import { runEvery } from './run-every.ts';

const FAMILIES = ['governance', 'decisions'] as const;
const ROUND_MS = 100;
/** A notification that was missed costs this much. */
const IDLE_MS = 500;
/** A server that vanished, as one does that another took the place of, says nothing on its connections until TCP gives up: a quarter of an hour. */
const ROUND_MOST_MS = 30_000;
const REAP_MS = 1_000;
const SWEEP_MS = 3_600_000;
const SWEEP_JOURNAL_MS = 10_000;
/** After the clock has stepped back, what nobody works at is free again that much later at most. */
const SHORTEN_MS = 30_000;
/** How far lists and counts may lag behind the tree, milliseconds. */
const PROJECT_MS = 500;
/** On a busy machine answers go before receipts: at 5 the worst hundredth of answers waited twice as long (2026-11). https://man7.org/linux/man-pages/man2/setpriority.2.html */
const NICENESS = 10;

type Pool = ReturnType<typeof openDatabase>['pool'];

/** A wall clock for signatures that holds still while the system's steps back. */
function holdingClock(): () => number {
  let latest = 0;
  return () => {
    latest = Math.max(latest, systemClock.wallMs());
    return latest;
  };
}

interface Shard {
  readonly name: string;
  readonly sequencer: Sequencer;
}

class Ledger {
  readonly #pool: Pool;
  readonly #keys: KeyFolder;
  readonly #config: ProcessConfig;
  readonly #now = holdingClock();
  readonly #shards = new Map<string, Shard>();
  readonly #feed: EntryFeed;
  #journal: JournalSource | null = null;
  #swept = 0;

  constructor(pool: Pool, parts: { keys: KeyFolder; config: ProcessConfig; feed: EntryFeed }) {
    this.#pool = pool;
    this.#keys = parts.keys;
    this.#config = parts.config;
    this.#feed = parts.feed;
  }

  async open(): Promise<void> {
    this.#journal = new JournalSource({
      sealer: new Sealer(randomIds()),
      receiptKey: await openReceiptKey(this.#pool, this.#keys, this.#now()),
      now: this.#now,
      onSealed: (place, decisions) => this.#feed.add(place, decisions),
      report,
    });
    for (const family of FAMILIES) await this.#shardOf(family);
    // Keys and logs are public before the first receipt is signed with them.
    await this.sequenceAll();
  }

  /** One round over all logs. Gives whether it found anything. */
  async sequenceAll(): Promise<boolean> {
    let moved = 0;
    for (const family of FAMILIES) moved += await (await this.#shardOf(family)).sequencer.sequence();
    return moved > 0 || (this.#journal?.hasTaken ?? false);
  }

  /** The last round stopped at its bounds: more waits. */
  get isBehind(): boolean {
    return this.#journal?.isBehind ?? false;
  }

  async sweepJournal(): Promise<void> {
    const taken = this.#journal?.rowsTaken ?? 0;
    this.#swept = await sweepJournal(this.#pool, { taken, swept: this.#swept });
  }

  /** The next round also closes what processes left that are gone. */
  reap(): void {
    this.#journal?.reap();
  }

  /** The sequencer of this half-year; at the turn of one, the old shard is finished in public first. */
  async #shardOf(family: string): Promise<Shard> {
    const wallMs = this.#now();
    const wanted = shardName(family, wallMs);
    const open = this.#shards.get(family);
    // Names sort by time. A clock that stepped back never reopens a shard that is finished.
    if (open !== undefined && open.name >= wanted) return open;
    const naming = { domain: this.#config.charterDomain, installation: this.#config.installation };
    const active = await openActiveLog(this.#pool, this.#keys, family);
    if (active !== null && active.name < wanted) await this.#sequencerOf(active).open();
    const isAhead = active !== null && active.name > wanted;
    const log = isAhead ? active : await openShard(this.#pool, this.#keys, { ...naming, family, wallMs });
    const shard = { name: log.name, sequencer: this.#sequencerOf(log) };
    await shard.sequencer.open();
    this.#shards.set(family, shard);
    return shard;
  }

  #sequencerOf(log: Awaited<ReturnType<typeof openShard>>): Sequencer {
    const { name, family, origin, key } = log;
    const source = family === 'decisions' ? this.#journal : pendingSource(family);
    if (source === null) throw new Error('the ledger is not open');
    return new Sequencer({ pool: this.#pool, log: name, origin, logKey: key, source });
  }
}

/** Wakes on notifications, or after a while by itself; never runs two rounds at a time, nor more than ten a second. */
class Rounds {
  #wake: (() => void) | null = null;
  #due = true;
  #startedMs = Number.NEGATIVE_INFINITY;

  wake(): void {
    this.#due = true;
    this.#wake?.();
  }

  /**
   * `hasMoved`: the round before found something. Then there is another after it, without being told: gateways tell less
   * often than they write. `isBehind`: it took all that one transaction may.
   */
  async wait({ hasMoved, isBehind }: { hasMoved: boolean; isBehind: boolean }): Promise<void> {
    const restMs = this.#startedMs + ROUND_MS - systemClock.monotonicMs();
    // Each round stores the partial tiles of its size: many small rounds cost more than they gain.
    if (!isBehind && restMs > 0) await delay(restMs);
    if (!this.#due && !hasMoved && !isBehind) await this.#sleep();
    this.#due = false;
    this.#startedMs = systemClock.monotonicMs();
  }

  async #sleep(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}

function fail(cause: unknown): never {
  process.stderr.write(`ledger: ${(cause as Error).message}\n`);
  process.exit(cause instanceof Fenced ? 3 : 1);
}

export async function runLedger(config: ProcessConfig): Promise<void> {
  stepBack();
  const { pool, close } = openDatabase({ url: config.databaseUrl, role: 'ledger', connections: 4 });
  const lease = await openWorkerLease(pool, {
    id: config.workerId,
    role: 'ledger',
    onLost: () => fail(new Fenced('the lease of this process was ended')),
  });
  const keys = openKeyFolder(config.dataDir);
  if (keys.installation() !== config.installation) {
    const remedy = 'restore the `keys` folder and the database from the same backup';
    fail(new Error(`the keys in \`${config.dataDir}\` belong to another installation than the database: ${remedy}`));
  }
  const lock = await holdLedgerLock(config.databaseUrl, () =>
    fail(new Error('the connection to the database is lost')),
  );
  const feed = new EntryFeed();
  const claims = new ClaimKeeper(pool, systemClock);
  const ledger = new Ledger(pool, { keys, config, feed });
  await ledger.open();
  const listener = await openListener({ url: config.databaseUrl, role: 'ledger', channels: ['polity_ledger'] });
  const rounds = new Rounds();
  listener.on('polity_ledger', () => rounds.wake());
  const every = (ms: number, work: () => Promise<unknown>) => runEvery(ms, { work, report });
  const chores = [
    every(REAP_MS, async () => {
      if (!(await endWorkers(pool))) return;
      ledger.reap();
      rounds.wake();
    }),
    every(SWEEP_MS, () => sweepRows(pool, systemClock.wallMs())),
    every(SWEEP_MS, () => sweepTiles(pool)),
    every(SWEEP_JOURNAL_MS, () => ledger.sweepJournal()),
    every(SHORTEN_MS, () => claims.look()),
    every(PROJECT_MS, () => projectAll(pool, feed)),
  ];
  let stopping = false;
  process.on('message', (message: { type?: string }) => {
    if (message.type !== 'stop') return;
    stopping = true;
    rounds.wake();
  });
  process.send?.({ type: 'ready' });
  for (let hasMoved = false; !stopping; ) {
    await rounds.wait({ hasMoved, isBehind: ledger.isBehind });
    hasMoved = await sequenceOrFail(ledger);
  }
  for (const chore of chores) await chore.stop();
  await flush({ pool, ledger, listener });
  await lease.end();
  await lock.release();
  await close();
  process.disconnect?.();
}

async function sequenceOrFail(ledger: Ledger): Promise<boolean> {
  const late = setTimeout(() => fail(new Error(`a round did not end within ${ROUND_MOST_MS} ms`)), ROUND_MOST_MS);
  try {
    return await ledger.sequenceAll();
  } catch (cause) {
    // Whatever it was, a fresh process reads what is true. The supervisor starts one.
    fail(cause);
  } finally {
    clearTimeout(late);
  }
}

async function projectAll(pool: Pool, feed: EntryFeed): Promise<void> {
  while ((await projectEntries(pool, feed)) > 0);
}

function report(cause: unknown): void {
  process.stderr.write(`ledger: ${cause instanceof Error ? cause.message : cause}\n`);
}

/** The last rounds: intents of gateways that have stopped are closed, and everything that waits gets its entry. */
async function flush({ pool, ledger, listener }: { pool: Pool; ledger: Ledger; listener: Listener }): Promise<void> {
  // What stopped gateways wrote last must be taken before anything of theirs is an orphan.
  while (await ledger.sequenceAll());
  await endWorkers(pool).catch(report);
  ledger.reap();
  while (await ledger.sequenceAll());
  // What is left of them now are rows.
  await endWorkers(pool).catch(report);
  await listener.close();
}

/** Where this is not permitted, or not known, the ledger runs like everything else. */
function stepBack(): void {
  try {
    setPriority(NICENESS);
  } catch {
    // As said.
  }
}
