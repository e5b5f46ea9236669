import { connect, type Socket } from 'node:net';
import { type Answer, type Heard, ResponseReader } from './response-reader.ts';

type Listening = Partial<Pick<Heard, 'onHead' | 'onBody'>>;

/** One kept connection to a server on loopback, one request at a time. Opened again when the server has closed it. */
export class Connection {
  readonly #port: number;
  #socket: Socket | null = null;
  #listening: Listening = {};
  #settle: { resolve(answer: Answer): void; reject(cause: Error): void } | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  /** @param request head and body, whole. Rejects when the connection breaks or what comes is no HTTP answer. */
  ask(request: Buffer, listening: Listening = {}): Promise<Answer> {
    this.#listening = listening;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket ??= this.#open();
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const reader = new ResponseReader({
      onHead: (status, head) => this.#listening.onHead?.(status, head),
      onBody: (chunk) => this.#listening.onBody?.(chunk),
      onEnd: (answer) => {
        const settle = this.#settle;
        this.#settle = null;
        settle?.resolve(answer);
      },
    });
    const fail = (cause: Error) => {
      if (this.#socket === socket) this.#socket = null;
      socket.destroy();
      const settle = this.#settle;
      this.#settle = null;
      settle?.reject(cause);
    };
    socket.on('data', (chunk) => {
      try {
        reader.feed(chunk);
      } catch (cause) {
        fail(cause as Error);
      }
    });
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the connection was closed')));
    return socket;
  }
}
