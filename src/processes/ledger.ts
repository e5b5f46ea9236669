/** The ledger process: the only holder of log and receipt keys. Sequences, signs, publishes, closes what died. */
import { type Ids, randomIds, systemClock } from '../kit/index.ts';
import {
  Fenced,
  type KeyFolder,
  type Listener,
  openActiveLog,
  openDatabase,
  openKeyFolder,
  openListener,
  openReceiptKey,
  openShard,
  openWorkerLease,
  reapIntents,
  Sequencer,
  shardName,
  sweepRows,
} from '../store/index.ts';
import type { ProcessConfig } from './config.ts';

const FAMILIES = ['governance', 'decisions'] as const;
/** The most that an entry waits for its round when nothing wakes us. Milliseconds. */
const ROUND_MS = 100;
const REAP_MS = 1_000;
const SWEEP_MS = 3_600_000;

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
  #receiptKey: Awaited<ReturnType<typeof openReceiptKey>> | null = null;

  constructor(pool: Pool, keys: KeyFolder, config: ProcessConfig) {
    this.#pool = pool;
    this.#keys = keys;
    this.#config = config;
  }

  async open(): Promise<void> {
    this.#receiptKey = await openReceiptKey(this.#pool, this.#keys, this.#now());
    for (const family of FAMILIES) await this.#shardOf(family);
    // Keys and logs are public before the first receipt is signed with them.
    await this.sequenceAll();
  }

  /** One round over all logs. True when there may be more. */
  async sequenceAll(): Promise<boolean> {
    let moved = 0;
    for (const family of FAMILIES) moved += await (await this.#shardOf(family)).sequencer.sequence();
    return moved > 0;
  }

  /** The sequencer of this half-year; at the turn of one, the old shard is finished in public first. */
  async #shardOf(family: string): Promise<Shard> {
    const wallMs = this.#now();
    const open = this.#shards.get(family);
    if (open?.name === shardName(family, wallMs)) return open;
    const naming = { domain: this.#config.charterDomain, installation: this.#config.installation };
    const active = await openActiveLog(this.#pool, this.#keys, family);
    if (active !== null && active.name !== shardName(family, wallMs)) await this.#sequencerOf(active).open();
    const log = await openShard(this.#pool, this.#keys, { ...naming, family, wallMs });
    const shard = { name: log.name, sequencer: this.#sequencerOf(log) };
    await shard.sequencer.open();
    this.#shards.set(family, shard);
    return shard;
  }

  #sequencerOf(log: Awaited<ReturnType<typeof openShard>>): Sequencer {
    const { name, family, origin, key } = log;
    const receiptKey = this.#receiptKey;
    if (receiptKey === null) throw new Error('the ledger is not open');
    return new Sequencer({ pool: this.#pool, log: name, family, origin, logKey: key, receiptKey, now: this.#now });
  }
}

/** Wakes on notifications, or after a while by itself; never runs two rounds at a time. */
class Rounds {
  #wake: (() => void) | null = null;
  #due = false;

  wake(): void {
    this.#due = true;
    this.#wake?.();
  }

  async wait(): Promise<void> {
    if (!this.#due) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ROUND_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#due = false;
    this.#wake = null;
  }
}

function fail(cause: unknown): never {
  process.stderr.write(`ledger: ${(cause as Error).message}\n`);
  process.exit(cause instanceof Fenced ? 3 : 1);
}

export async function runLedger(config: ProcessConfig): Promise<void> {
  const { pool, close } = openDatabase({ url: config.databaseUrl, role: 'ledger', connections: 4 });
  const lease = await openWorkerLease(pool, {
    id: config.workerId,
    role: 'ledger',
    onLost: () => fail(new Fenced('the lease of this process was ended')),
  });
  const ledger = new Ledger(pool, openKeyFolder(config.dataDir), config);
  await ledger.open();
  const listener = await openListener({ url: config.databaseUrl, role: 'ledger', channels: ['polity_ledger'] });
  const rounds = new Rounds();
  listener.on('polity_ledger', () => rounds.wake());
  const ids = randomIds();
  const timers = [
    setInterval(() => void reapIntents(pool, { clock: systemClock, ids }).catch(reportOnce), REAP_MS),
    setInterval(() => void sweepRows(pool, systemClock.wallMs()).catch(reportOnce), SWEEP_MS),
  ];
  let stopping = false;
  process.on('message', (message: { type?: string }) => {
    if (message.type !== 'stop') return;
    stopping = true;
    rounds.wake();
  });
  process.send?.({ type: 'ready' });
  while (!stopping) {
    await rounds.wait();
    await sequenceOrFail(ledger);
  }
  for (const timer of timers) clearInterval(timer);
  await flush({ pool, ledger, listener, ids });
  await lease.end();
  await close();
  process.disconnect?.();
}

async function sequenceOrFail(ledger: Ledger): Promise<void> {
  try {
    await ledger.sequenceAll();
  } catch (cause) {
    // Whatever it was, a fresh process reads what is true. The supervisor starts one.
    fail(cause);
  }
}

function reportOnce(cause: unknown): void {
  process.stderr.write(`ledger: ${(cause as Error).message}\n`);
}

/** The last round: intents of gateways that have stopped are closed, and everything pending gets its entry. */
async function flush(parts: { pool: Pool; ledger: Ledger; listener: Listener; ids: Ids }): Promise<void> {
  await reapIntents(parts.pool, { clock: systemClock, ids: parts.ids }).catch(reportOnce);
  while (await parts.ledger.sequenceAll().catch(() => false));
  await parts.listener.close();
}
