import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Problem, systemClock } from '../kit/index.ts';
import type { ProcessConfig } from './config.ts';
import { watchSilence } from './watch-silence.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MOST_MS = 5_000;
/** A process that lived so long has not failed to start. */
const SETTLED_MS = 30_000;
/** Who never got ready in so many tries will not in the next: a wrong setting, or a bug. About six seconds. */
const TRIES_MAX = 5;
/**
 * Seconds of silence after which a process stands still. Gateway and ledger process have lost their lease by then, so that nothing
 * they do counts any more. A model process may be held up by its disk, and whoever starts by anything.
 */
const SILENT_SECONDS = { gateway: 15, ledger: 15, model: 60 } as const;
const SILENT_AT_START_SECONDS = 60;

/** What a child tells; the rest of its fields depend on `type`. */
interface ChildMessage {
  readonly type?: string;
}

/** One process, from its start to its death. A child that is started again has another. */
export interface Life {
  readonly workerId: string;
  readonly pid: number | null;
  /** Wall milliseconds. */
  readonly sinceMs: number;
  isReady: boolean;
  /** Does nothing once the process is gone. The connection stays open here, too. */
  send(message: object, connection?: Socket): void;
}

export interface ChildOptions {
  readonly role: ProcessConfig['role'];
  readonly config: () => Omit<ProcessConfig, 'role' | 'workerId'>;
  /** The process has died; its lease is to be ended at once. */
  onDeath(workerId: string): void;
  /** Everything that the process said is heard: after its death, for messages may still be on their way then. */
  onSilence?(life: Life): void;
  onMessage(message: ChildMessage, life: Life): void;
  report(line: string): void;
}

export interface KeptChild {
  readonly role: ProcessConfig['role'];
  /** Null while it is between two lives. */
  life(): Life | null;
  /** Resolves with the first `ready` of the child; rejects when it ended again and again before it. */
  readonly ready: Promise<void>;
  /** Asks it to end, and kills it when it has not after `graceMs`. It is not started again. */
  stop(graceMs: number, message?: object): Promise<void>;
}

/** Starts a process and starts it again whenever it dies, with growing pauses while it keeps dying. */
export function keepChild(options: ChildOptions): KeptChild {
  let current: { readonly child: ChildProcess; readonly life: Life } | null = null;
  let stopping = false;
  let backoffMs = BACKOFF_FIRST_MS;
  let restart: NodeJS.Timeout | null = null;
  const ready = Promise.withResolvers<void>();
  // Heard by whoever waits for it; a child that is only kept is waited for by nobody.
  ready.promise.catch(() => {});
  let triesLeft = TRIES_MAX;

  function start(): void {
    restart = null;
    const workerId = `${options.role}-${randomBytes(6).toString('hex')}`;
    const startedMs = performance.now();
    const child = spawnRole(options, workerId);
    const life = lifeOf(child, workerId);
    current = { child, life };
    const watch = watchSilence(SILENT_AT_START_SECONDS, () => {
      options.report(`the ${options.role} process stands still; it is ended`);
      child.kill('SIGKILL');
    });
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') life.isReady = true;
      watch.heard(life.isReady ? SILENT_SECONDS[options.role] : SILENT_AT_START_SECONDS);
      if (message.type === 'alive') return;
      options.onMessage(message, life);
      if (message.type !== 'ready') return;
      triesLeft = Number.POSITIVE_INFINITY;
      ready.resolve();
    });
    // A fork that fails ends with no `exit`; a message to a child that has just died is no fault.
    child.on('error', (cause) => {
      if (child.pid === undefined) options.report(`the ${options.role} process cannot be started: ${cause.message}`);
    });
    // Not `disconnect`: it never comes from who dies before it took a connection that it was handed.
    child.once('close', () => options.onSilence?.(life));
    child.once('exit', (code, signal) => {
      current = null;
      watch.end();
      options.onDeath(workerId);
      if (stopping) return;
      triesLeft--;
      if (triesLeft === 0) {
        ready.reject(neverReady(options.role, signal ?? `exit code ${code}`));
        return;
      }
      if (performance.now() - startedMs > SETTLED_MS) backoffMs = BACKOFF_FIRST_MS;
      options.report(`the ${options.role} process ended (${signal ?? `exit code ${code}`}); it is started again`);
      restart = setTimeout(start, backoffMs);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MOST_MS);
    });
  }

  start();
  return {
    role: options.role,
    life: () => current?.life ?? null,
    ready: ready.promise,
    async stop(graceMs, message = { type: 'stop' }) {
      stopping = true;
      if (restart !== null) clearTimeout(restart);
      if (current === null) return;
      const { child, life } = current;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.connected) life.send(message);
      else child.kill('SIGKILL');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function neverReady(role: string, how: string): Problem {
  const detail = `the ${role} process ended ${TRIES_MAX} times before it was ready, the last time with ${how}; what it said stands above`;
  return new Problem('internal', detail);
}

/**
 * Flags of V8 for who has one core and many short-lived objects. A room for young ones that has its size from the start (MB), and
 * no threads that help to collect it, for they would only take the core away. Old ones may grow to three and a half times what
 * lived at the last full collection: V8's own choice lies so near that the next one begins at once, about each second at 6,000
 * requests/s. Of 82 us of CPU a request these cost 12, for 50 MB (2026-11).
 */
const flagsOf: Readonly<Record<string, readonly string[]>> = {
  gateway: [
    '--min-semi-space-size=32',
    '--max-semi-space-size=32',
    '--no-parallel-scavenge',
    '--heap-growing-percent=250',
  ],
  // Its rounds would let V8 double the room again and again, for hours.
  ledger: ['--min-semi-space-size=16', '--max-semi-space-size=16'],
};

/**
 * glibc gives each thread a heap of its own, up to eight for each core, and what was freed in one is not used by the others. Two
 * are enough for a loop and its pool; other systems do not know the variable. An operator's own setting wins.
 */
const MALLOC = { MALLOC_ARENA_MAX: '2' };

/** Signatures are made by one thread: four would take four shares of a busy core, and one makes 20,000 a second. */
const ONE_HELPER = { UV_THREADPOOL_SIZE: '1' };

function spawnRole({ role, config }: ChildOptions, workerId: string): ChildProcess {
  const environment = { POLITY_PROCESS_CONFIG: JSON.stringify({ ...config(), role, workerId }) };
  return fork(main, [role], {
    env: { ...MALLOC, ...(role === 'ledger' ? ONE_HELPER : {}), ...process.env, ...environment },
    execArgv: [...(flagsOf[role] ?? [])],
  });
}

function lifeOf(child: ChildProcess, workerId: string): Life {
  return {
    workerId,
    pid: child.pid ?? null,
    sinceMs: systemClock.wallMs(),
    isReady: false,
    send(message, connection) {
      // A child that dies meanwhile is noticed by its `exit`, not here.
      if (child.connected) child.send(message, connection, { keepOpen: true }, () => {});
    },
  };
}
