import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** A reader that takes nothing for so long is gone. */
const STALL_MS = 30_000;
/** Proxies close connections that say nothing. */
const COMMENT_EVERY_MS = 15_000;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // nginx and its kin would gather the events.
  'x-accel-buffering': 'no',
  vary: 'cookie',
};

export interface StreamEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** Server-sent events on one response. Nothing is written before what was written has left, so memory is bounded. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #closed = new AbortController();
  readonly #comments: NodeJS.Timeout;
  #isFull = false;

  constructor(response: ServerResponse, requestId: string) {
    this.#response = response;
    response.writeHead(200, { ...headers, 'x-request-id': requestId });
    response.flushHeaders();
    response.once('close', () => this.#closed.abort());
    response.on('error', () => {
      // `close` follows.
    });
    this.#comments = setInterval(() => {
      if (!this.#isFull) this.#response.write(':\n\n');
    }, COMMENT_EVERY_MS).unref();
    this.closed.addEventListener('abort', () => clearInterval(this.#comments), { once: true });
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Resolves when there is room for more; a reader that stalls is cut off. */
  async send({ event, id, data }: StreamEvent): Promise<void> {
    if (this.closed.aborted) return;
    // JSON has no raw line breaks, so one `data` line holds it.
    if (this.#response.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`)) return;
    this.#isFull = true;
    const patience = AbortSignal.any([this.closed, AbortSignal.timeout(STALL_MS)]);
    try {
      await once(this.#response, 'drain', { signal: patience });
    } catch {
      this.#response.destroy();
    }
    this.#isFull = false;
  }

  end(): void {
    clearInterval(this.#comments);
    this.#response.end();
  }
}
