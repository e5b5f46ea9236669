import { write } from 'node:fs';

/**
 * Lines are gathered in one piece of memory, so that a line costs its bytes and no allocation. Large, because handing a piece
 * to the thread pool costs as much as formatting a hundred lines.
 */
const CHUNK_BYTES = 1_048_576;
/** A line waits for its reader so long at most. */
const FLUSH_MS = 500;
/** What a reader that has stopped reading may cost; then lines are dropped, counted, and the count is told. */
const WAITING_BYTES_MAX = 32_000_000;
/** A pipe that takes nothing now is tried again after so long. */
const RETRY_MS = 20;
/** How long the end of the process waits for a slow reader. */
const LAST_WORDS_MS = 2_000;
/** UTF-8 needs at most three bytes for a UTF-16 code unit. */
const BYTES_PER_CHARACTER = 3;

/**
 * Writes lines to a descriptor on the thread pool, one piece after another: a pipe whose reader is slow never holds up the
 * event loop.
 */
export class LineWriter {
  readonly #descriptor: number;
  #chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  /** The memory of the piece that was written last, to be filled again. */
  #spare: Buffer | null = null;
  #length = 0;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isWriting = false;
  #dropped = 0;
  #onWritten: () => void = () => {};
  readonly #timer: NodeJS.Timeout;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS).unref();
  }

  /** `line` with its line feed. */
  write(line: string): void {
    const most = line.length * BYTES_PER_CHARACTER;
    if (this.#length + most > this.#chunk.length) {
      this.#flush();
      if (most > CHUNK_BYTES) {
        this.#queue(Buffer.from(line));
        return;
      }
    }
    this.#length += this.#chunk.write(line, this.#length);
  }

  /** Resolves when the reader has everything that is still here, or has taken too long. Nothing may be written afterwards. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    if (!this.#isWriting) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onWritten = resolve;
    const patience = setTimeout(resolve, LAST_WORDS_MS);
    await promise;
    clearTimeout(patience);
  }

  #flush(): void {
    if (this.#length === 0) return;
    const piece = this.#chunk.subarray(0, this.#length);
    this.#chunk = this.#spare ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#spare = null;
    this.#length = 0;
    this.#queue(piece);
  }

  #queue(piece: Buffer): void {
    if (this.#waitingBytes + piece.length > WAITING_BYTES_MAX) {
      this.#dropped += countLines(piece);
      return;
    }
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    if (!this.#isWriting) this.#writeNext();
  }

  #writeNext(): void {
    const [piece] = this.#waiting;
    this.#isWriting = piece !== undefined;
    if (piece === undefined) {
      this.#onWritten();
      return;
    }
    write(this.#descriptor, piece, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => this.#writeNext(), RETRY_MS);
        return;
      }
      // Nobody reads any more: the lines are for nobody.
      const done = error === null ? written : piece.length;
      this.#waitingBytes -= done;
      if (done < piece.length) this.#waiting[0] = piece.subarray(done);
      else {
        this.#waiting.shift();
        if (piece.buffer.byteLength === CHUNK_BYTES) this.#spare = Buffer.from(piece.buffer);
      }
      if (this.#dropped > 0 && this.#waiting.length === 0) this.#tellDropped();
      this.#writeNext();
    });
  }

  #tellDropped(): void {
    const line = Buffer.from(`{"level":40,"event":"lines-dropped","count":${this.#dropped}}\n`);
    this.#dropped = 0;
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
  }
}

function countLines(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++;
  return lines;
}
