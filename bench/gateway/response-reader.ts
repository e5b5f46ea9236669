/** What a client hears of one answer. */
export interface Heard {
  onHead?(status: number, head: string): void;
  onBody?(chunk: Buffer): void;
  onEnd(answer: Answer): void;
}

export interface Answer {
  readonly status: number;
  /** Of the body, without its coding for transfer. */
  readonly bytes: number;
}

type Place = 'head' | 'counted' | 'size' | 'chunk' | 'trailer';

/**
 * Reads HTTP/1.1 answers on one kept connection, one at a time. Less than a tenth of what a client library costs,
 * because it only counts: what measures must not be the limit. @throws Error on what is no HTTP answer
 */
export class ResponseReader {
  #held: Buffer = Buffer.alloc(0);
  #place: Place = 'head';
  #left = 0;
  #status = 0;
  #bytes = 0;
  readonly #heard: Heard;

  constructor(heard: Heard) {
    this.#heard = heard;
  }

  feed(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (this.#held.length > 0 && this.#step());
  }

  /** False when more bytes are needed. */
  #step(): boolean {
    if (this.#place === 'counted') return this.#body('counted');
    if (this.#place === 'chunk') return this.#body('chunk');
    const end = this.#held.indexOf(this.#place === 'head' ? '\r\n\r\n' : '\r\n');
    if (end < 0) return false;
    const line = this.#held.toString('latin1', 0, end);
    if (this.#place === 'head') {
      this.#held = this.#held.subarray(end + 4);
      this.#readHead(line);
      return true;
    }
    this.#held = this.#held.subarray(end + 2);
    if (this.#place === 'trailer') {
      if (line === '') this.#end();
    } else {
      this.#left = Number.parseInt(line, 16);
      if (Number.isNaN(this.#left)) throw new Error('no chunk size');
      this.#place = this.#left === 0 ? 'trailer' : 'chunk';
    }
    return true;
  }

  #readHead(head: string): void {
    this.#status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(this.#status)) throw new Error('no status line');
    this.#bytes = 0;
    this.#heard.onHead?.(this.#status, head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#place = 'size';
    } else {
      this.#left = Number(length);
      this.#place = 'counted';
      if (this.#left === 0) this.#end();
    }
  }

  #body(place: 'counted' | 'chunk'): boolean {
    // A chunk's own line end is taken together with it.
    const tail = place === 'chunk' ? 2 : 0;
    const piece = this.#held.subarray(0, this.#left);
    if (piece.length === this.#left && this.#held.length < this.#left + tail) return false;
    if (piece.length > 0) this.#heard.onBody?.(piece);
    this.#bytes += piece.length;
    this.#left -= piece.length;
    this.#held = this.#held.subarray(piece.length + (this.#left === 0 ? tail : 0));
    if (this.#left > 0) return false;
    if (place === 'chunk') this.#place = 'size';
    else this.#end();
    return true;
  }

  #end(): void {
    this.#place = 'head';
    this.#heard.onEnd({ status: this.#status, bytes: this.#bytes });
  }
}
