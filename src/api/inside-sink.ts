import { EventEmitter } from 'node:events';
import type { AnswerSink } from '../gateway/index.ts';

/** Takes what the steps send, in memory. Closing it is what a client that leaves is over HTTP. */
export class InsideSink extends EventEmitter implements AnswerSink {
  readonly #take: (bytes: Uint8Array) => void;
  readonly #pieces: Uint8Array[] = [];
  onHead: () => void = () => {};
  headersSent = false;
  hasLeft = false;
  status = 0;
  readonly writableNeedDrain = false;

  constructor(take: (bytes: Uint8Array) => void) {
    super();
    this.#take = take;
  }

  get destroyed(): boolean {
    return this.hasLeft;
  }

  writeHead(status: number): void {
    this.headersSent = true;
    this.status = status;
    this.onHead();
  }

  write(bytes: Uint8Array): boolean {
    this.#pieces.push(bytes);
    this.#take(bytes);
    return true;
  }

  end(bytes: Uint8Array): void {
    this.write(bytes);
    this.emit('close');
  }

  destroy(): void {
    this.leave();
  }

  leave(): void {
    this.hasLeft = true;
    this.emit('close');
  }

  /** Nothing comes any more, whether or not anything came: what listens for the close lets go. */
  finish(): void {
    this.emit('close');
    this.removeAllListeners();
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }
}
