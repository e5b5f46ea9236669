import { createHash } from 'node:crypto';
import { type Timer, type Timers, utf8 } from '../kit/index.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import type { AnswerSink, Exchange } from './exchange.ts';

/**
 * Headers are held so long for the first event: an early failure is a real status then. After that, and after so long
 * without an event, a comment goes out, so that nobody on the way takes the connection for dead. Milliseconds.
 */
const SILENCE_MS = 10_000;
/** A reader that takes nothing for so long is let go. */
const SLOW_READER_MS = 30_000;
const COMMENT = utf8(': keep-alive\n\n');
const EVENTS = 'text/event-stream';

/** The client's end of a stream: holds the head, keeps the connection awake, and counts and digests what went out. */
export class StreamOutlet {
  readonly #response: AnswerSink;
  readonly #headers: AnswerHeaders;
  readonly #hash = createHash('sha256');
  readonly #timers: Timers;
  readonly #timer: Timer;
  #sentBytes = 0;
  readonly #isFile: boolean;
  #isWaiting = false;

  /** `isFile`: no events flow but bytes, of which nobody knows the type before they come. */
  constructor(exchange: Pick<Exchange, 'response' | 'headers'>, timers: Timers, isFile: boolean) {
    this.#response = exchange.response;
    this.#headers = exchange.headers;
    this.#timers = timers;
    this.#isFile = isFile;
    this.#timer = timers.after(SILENCE_MS, () => this.#keepAwake());
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** Sends the head, if it was not yet. */
  open(mediaType: string): void {
    if (this.#response.headersSent || this.#response.destroyed) return;
    const headers = this.#headers;
    headers.set('content-type', this.#isFile ? mediaType : `${mediaType}; charset=utf-8`);
    headers.set('cache-control', 'no-store');
    // nginx and its kin gather what is not declared a stream.
    headers.set('x-accel-buffering', 'no');
    this.#response.writeHead(200, [...headers.flat()]);
  }

  /** Resolves once the client can take more; a reader too slow is let go. */
  send(bytes: Uint8Array): Promise<void> | null {
    this.#timer.refresh();
    this.#hash.update(bytes);
    this.#sentBytes += bytes.length;
    return this.#response.write(bytes) ? null : this.#drained();
  }

  /** No more is sent. The digest (SHA-256, hexadecimal) of everything that went out and of the last bytes, which go out later. */
  close(last: Uint8Array): string {
    this.stop();
    return this.#hash.update(last).digest('hex');
  }

  /** The answer cannot go on: events end in one that says so, a file in a connection that breaks. */
  fail(frame: Uint8Array): void {
    this.stop();
    if (this.#isFile) this.#response.destroy();
    else this.#response.end(frame);
  }

  /** Ends the timers alone. */
  stop(): void {
    this.#timer.cancel();
  }

  #keepAwake(): void {
    // Nothing stands between the bytes of a file.
    if (this.#response.destroyed || this.#isFile) return;
    this.open(EVENTS);
    // A reader that does not read needs no comments.
    if (!this.#isWaiting) void this.send(COMMENT);
    else this.#timer.refresh();
  }

  async #drained(): Promise<void> {
    const response = this.#response;
    if (response.destroyed || !response.writableNeedDrain) return;
    this.#isWaiting = true;
    await new Promise<void>((resolve) => {
      const patience = this.#timers.after(SLOW_READER_MS, () => response.destroy());
      const done = () => {
        patience.cancel();
        response.off('drain', done);
        response.off('close', done);
        resolve();
      };
      response.on('drain', done);
      response.on('close', done);
    });
    this.#isWaiting = false;
  }
}
