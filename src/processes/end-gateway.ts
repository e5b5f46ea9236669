import { setTimeout as delay } from 'node:timers/promises';
import type { Connections } from './take-connections.ts';

/** How long running answers may go on after a stop was asked for, milliseconds. */
const GRACE_MS = 10_000;
/**
 * How long a connection stays idle once another gateway answers in our place. Long enough for what a client has just sent,
 * or sends before it hears that the connection is over, milliseconds.
 */
const LINGER_MS = 5_000;
/** For error frames and their records. */
const LAST_WORDS_MS = 2_000;
/** The most that a process lives whose lease is lost, milliseconds. */
const LOST_MS = 8_000;

interface Closable {
  close(): Promise<void>;
}

interface Idle {
  /** Resolves when nothing is under way. */
  idle(): Promise<unknown>;
}

/** What ends of a gateway. */
export interface Endable {
  readonly server: Idle;
  readonly assistant: Idle;
  readonly stopping: { value: boolean };
  readonly cut: AbortController;
  readonly quotaBeat: NodeJS.Timeout;
  readonly health: { close(): void };
  readonly model: { close(): void };
  readonly batches: Closable;
  readonly measured: Closable;
  readonly recorder: Closable;
  readonly quota: Closable;
  readonly charter: Closable;
  readonly keys: Closable;
  readonly listener: Closable;
  readonly lease: { end(): Promise<void> };
  readonly telemetry: Closable;
  readonly database: Closable;
  endFrequent(): void;
}

/**
 * Once the lease is lost others may already have closed our intents: nothing that we do can be recorded any more, so no
 * answer becomes whole. What runs is told so, and then this process is over, whatever hinders it.
 */
export function endSoon(tell: () => void): void {
  setTimeout(() => process.exit(1), LOST_MS).unref();
  tell();
}

/** The three ways to end. A gateway that was replaced serves to the last connection; one whose service ends takes nothing new. */
export class GatewayEnd {
  readonly #parts: Endable;
  readonly #connections: Connections;
  readonly #asked = Promise.withResolvers<void>();
  #isDraining = false;

  constructor(parts: Endable, connections: Connections) {
    this.#parts = parts;
    this.#connections = connections;
  }

  drain(graceMs: number): void {
    if (this.#isDraining || this.#parts.stopping.value) return;
    this.#isDraining = true;
    const { assistant, batches } = this.#parts;
    // Others take up the lines that are left.
    const ended = batches.close();
    const drained = this.#connections.drain(LINGER_MS).then(() => Promise.all([assistant.idle(), ended]));
    const isOver = drained.then(() => true);
    void Promise.race([isOver, delay(graceMs, true), this.#asked.promise]).then((hadItsTime) =>
      stopGateway(this.#parts, this.#connections, hadItsTime === true ? 0 : GRACE_MS),
    );
  }

  stop(): void {
    if (this.#isDraining) this.#asked.resolve();
    else if (!this.#parts.stopping.value) void stopGateway(this.#parts, this.#connections, GRACE_MS);
  }

  /**
   * The lease is lost: nothing that runs can end well, and who comes over an open connection is told to come again. Who is handed
   * over now waits for another gateway.
   */
  lose(): void {
    const { stopping, cut } = this.#parts;
    if (stopping.value) return;
    stopping.value = true;
    this.#connections.refuse();
    cut.abort();
    void Promise.race([this.#connections.drain(LAST_WORDS_MS), delay(LAST_WORDS_MS)]).then(() =>
      stopGateway(this.#parts, this.#connections, 0),
    );
  }
}

/** Running answers get their time; what is still running then ends in an error frame, and every outcome is recorded. */
async function stopGateway(parts: Endable, connections: Connections, graceMs: number): Promise<void> {
  const { server, assistant } = parts;
  const idle = () => Promise.all([server.idle(), assistant.idle(), parts.batches.close()]);
  parts.stopping.value = true;
  connections.closeIdle();
  await Promise.race([idle(), delay(graceMs)]);
  parts.cut.abort();
  await Promise.race([idle(), delay(LAST_WORDS_MS)]);
  connections.closeAll();
  clearInterval(parts.quotaBeat);
  parts.endFrequent();
  parts.health.close();
  await parts.measured.close();
  await parts.recorder.close();
  await parts.quota.close();
  parts.model.close();
  await parts.charter.close();
  await parts.keys.close();
  await parts.listener.close();
  await parts.lease.end();
  await parts.telemetry.close();
  await parts.database.close();
  process.disconnect?.();
}
