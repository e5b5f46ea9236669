import type { ModelCall, ModelEvents, ModelFailure, ModelPort, ModelStart, RunningCall } from '../inference/ports.ts';
import type { Bagged } from '../kit/index.ts';

/** How a flow ended: by itself, by a fault, or because the client left. */
export type FlowEnd =
  | { readonly kind: 'end' }
  | { readonly kind: 'failure'; readonly failure: ModelFailure }
  | { readonly kind: 'left' };

export type FlowItem =
  | { readonly kind: 'start'; readonly start: ModelStart }
  | { readonly kind: 'data'; readonly chunk: Uint8Array }
  | FlowEnd;

/** Above this many unread bytes the upstream is paused. */
const HIGH_WATER_BYTES = 256 * 1024;

/** Turns a model port's callbacks into items that the steps take one by one, with backpressure to the upstream. */
export class AnswerFlow implements ModelEvents, Bagged {
  place = -1;
  readonly #running: RunningCall;
  readonly #queue: FlowItem[] = [];
  #queuedBytes = 0;
  #paused = false;
  #end: FlowEnd | null = null;
  #waiting: ((item: FlowItem) => void) | null = null;

  constructor(port: Pick<ModelPort, 'call'>, call: ModelCall) {
    this.#running = port.call(call, this);
  }

  onStart(start: ModelStart): void {
    this.#push({ kind: 'start', start });
  }

  onData(chunk: Uint8Array): void {
    if (this.#waiting === null) {
      this.#queuedBytes += chunk.length;
      if (this.#queuedBytes > HIGH_WATER_BYTES && !this.#paused) {
        this.#paused = true;
        this.#running.pause();
      }
    }
    this.#push({ kind: 'data', chunk });
  }

  onEnd(): void {
    this.#finish({ kind: 'end' });
  }

  onFailure(failure: ModelFailure): void {
    this.#finish({ kind: 'failure', failure });
  }

  /** The next item; after the end, the end again. */
  next(): Promise<FlowItem> | FlowItem {
    const item = this.#queue.shift();
    if (item === undefined) {
      if (this.#end) return this.#end;
      return new Promise((resolve) => {
        this.#waiting = resolve;
      });
    }
    if (item.kind === 'data') this.#queuedBytes -= item.chunk.length;
    if (this.#paused && this.#queuedBytes === 0) {
      this.#paused = false;
      this.#running.resume();
    }
    return item;
  }

  /** The client has gone: frees the model at once. What was queued is dropped. */
  leave(): void {
    if (this.#end) return;
    this.#running.abort();
    this.#queue.length = 0;
    this.#finish({ kind: 'left' });
  }

  /** The process is ending, or nobody waits for the rest: frees the model, and the client gets an error frame. */
  interrupt(reason = 'this process is stopping'): void {
    if (this.#end) return;
    this.#running.abort();
    this.#queue.length = 0;
    this.#finish({ kind: 'failure', failure: { kind: 'cut', reason } });
  }

  /** Ends a flow that the path itself will not read on. */
  abort(): void {
    this.#running.abort();
  }

  #finish(end: FlowEnd): void {
    this.#end = end;
    if (this.#waiting) this.#push(end);
  }

  #push(item: FlowItem): void {
    const waiting = this.#waiting;
    if (waiting === null) {
      this.#queue.push(item);
      return;
    }
    this.#waiting = null;
    waiting(item);
  }
}
