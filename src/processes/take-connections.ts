import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { watchReaders } from './watch-readers.ts';
import type { FromGateway } from './worker-messages.ts';

/** Ends of connections are told together. */
const TELL_MS = 50;

/** The connections of one gateway. They come from the supervisor; the HTTP server itself listens to nothing. */
export class Connections {
  readonly #http: Server;
  readonly #tell: (message: FromGateway) => void;
  /** With the answers that are under way on each. */
  readonly #open = new Map<Socket, ServerResponse[]>();
  /** Null while others are welcome, or how long an idle connection stays when they are not. */
  #lingerMs: number | null = null;
  #takesNone = false;
  #untold = 0;
  readonly #unwatch: () => void;
  readonly #drained = Promise.withResolvers<void>();

  /** `stallMs`: how long a reader may take nothing of what waits for it. */
  constructor(http: Server, tell: (message: FromGateway) => void, stallMs?: number) {
    this.#http = http;
    this.#tell = tell;
    this.#unwatch = watchReaders(() => this.#open.keys(), stallMs);
    // Node watches the times of headers and bodies only on a server that listens.
    http.emit('listening');
    http.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const running = this.#open.get(request.socket);
      running?.push(response);
      response.once('close', () => running?.splice(running.indexOf(response), 1));
      if (this.#lingerMs === null) return;
      // An idle time of `drain` would otherwise count against this answer.
      request.socket.setTimeout(0);
      response.setHeader('connection', 'close');
    });
  }

  /** This process is over: what it is still handed is not taken, so that another gets it when it is gone. */
  refuse(): void {
    this.#takesNone = true;
  }

  take(id: number, connection: Socket | undefined): void {
    if (this.#takesNone) {
      // Our copy alone: the supervisor has its own, and the client notices nothing.
      connection?.destroy();
      return;
    }
    // Before the first byte is read: whoever hears it may forget the connection.
    this.#tell({ type: 'took', id });
    if (connection === undefined || connection.destroyed) {
      this.#noteClosed();
      return;
    }
    // As on a server of HTTP that listens: what a half-closed connection means is decided there, not by the socket.
    connection.allowHalfOpen = true;
    this.#open.set(connection, []);
    connection.once('close', () => {
      this.#open.delete(connection);
      this.#noteClosed();
      this.#noteDrained();
    });
    if (this.#lingerMs !== null) connection.setTimeout(this.#lingerMs);
    this.#http.emit('connection', connection);
  }

  /**
   * Every answer from now on is the last of its connection. Clients cannot be told on an idle one, and may be sending at this
   * moment: it stays open for `lingerMs`, and what comes is answered. Resolves when no connection is left.
   */
  drain(lingerMs: number): Promise<void> {
    this.#lingerMs = lingerMs;
    this.#http.keepAliveTimeout = lingerMs;
    for (const [connection, running] of this.#open) {
      if (running.length === 0) connection.setTimeout(lingerMs);
      for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close');
    }
    this.#noteDrained();
    return this.#drained.promise;
  }

  /** Idle ones now; the others with the answers that they have. */
  closeIdle(): void {
    void this.drain(1);
    for (const [connection, running] of this.#open) if (running.length === 0) connection.destroy();
  }

  closeAll(): void {
    this.#unwatch();
    for (const connection of this.#open.keys()) connection.destroy();
  }

  #noteDrained(): void {
    if (this.#lingerMs !== null && this.#open.size === 0) this.#drained.resolve();
  }

  #noteClosed(): void {
    this.#untold += 1;
    if (this.#untold > 1) return;
    setTimeout(() => {
      this.#tell({ type: 'closed', count: this.#untold });
      this.#untold = 0;
    }, TELL_MS).unref();
  }
}
