import { type ChildProcess, fork } from 'node:child_process';
import cluster, { type Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { ProcessConfig } from './config.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MOST_MS = 5_000;
/** A process that lived so long has not failed to start. */
const SETTLED_MS = 30_000;

export interface ChildOptions {
  readonly role: ProcessConfig['role'];
  readonly config: () => Omit<ProcessConfig, 'role' | 'workerId'>;
  /** The process has died; its lease is to be ended at once. */
  onDeath(workerId: string): void;
  onMessage(message: { readonly type?: string; readonly detail?: string }): void;
  report(line: string): void;
}

export interface KeptChild {
  readonly role: ProcessConfig['role'];
  /** Null while it is between two lives. */
  pid(): number | null;
  /** Resolves with the first `ready` of the child. */
  readonly ready: Promise<void>;
  /** Asks it to end, and kills it when it has not after `graceMs`. It is not started again. */
  stop(graceMs: number): Promise<void>;
}

/** Gateways share the port: the handle is bound here and passed on, and every worker accepts for itself. */
export function prepareCluster(): void {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: main, args: ['gateway'], execArgv: [] });
}

/** Starts a process and starts it again whenever it dies, with growing pauses while it keeps dying. */
export function keepChild(options: ChildOptions): KeptChild {
  let current: ChildProcess | null = null;
  let stopping = false;
  let backoffMs = BACKOFF_FIRST_MS;
  let restart: NodeJS.Timeout | null = null;
  let announceReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    announceReady = resolve;
  });

  function start(): void {
    restart = null;
    const workerId = `${options.role}-${randomBytes(6).toString('hex')}`;
    const startedMs = performance.now();
    const child = spawnRole(options, workerId);
    current = child;
    child.on('message', (message: { type?: string }) => {
      if (message.type === 'ready') announceReady();
      else options.onMessage(message);
    });
    // A fork that fails ends with no `exit`; a message to a child that has just died is no fault.
    child.on('error', (cause) => {
      if (child.pid === undefined) options.report(`the ${options.role} process cannot be started: ${cause.message}`);
    });
    child.once('exit', (code, signal) => {
      current = null;
      options.onDeath(workerId);
      if (stopping) return;
      if (performance.now() - startedMs > SETTLED_MS) backoffMs = BACKOFF_FIRST_MS;
      options.report(`the ${options.role} process ended (${signal ?? `exit code ${code}`}); it is started again`);
      restart = setTimeout(start, backoffMs);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MOST_MS);
    });
  }

  start();
  return {
    role: options.role,
    pid: () => current?.pid ?? null,
    ready,
    async stop(graceMs) {
      stopping = true;
      if (restart !== null) clearTimeout(restart);
      const child = current;
      if (child === null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.connected) child.send({ type: 'stop' });
      else child.kill('SIGKILL');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function spawnRole({ role, config }: ChildOptions, workerId: string): ChildProcess {
  const environment = { POLITY_PROCESS_CONFIG: JSON.stringify({ ...config(), role, workerId }) };
  if (role === 'gateway') {
    const worker: Worker = cluster.fork(environment);
    return worker.process;
  }
  return fork(main, [role], { env: { ...process.env, ...environment }, execArgv: [] });
}
