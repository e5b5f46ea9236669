import { createServer, type Server, type Socket } from 'node:net';
import { explainPort } from './check-port.ts';

/** How long a client waits when no gateway is there to answer, as while the only one is started again. */
const WAIT_MS = 10_000;
const WAITING_MAX = 1_024;

type Hand = (id: number, connection: Socket) => void;

interface Member {
  readonly hand: Hand;
  /** False once it is about to end: what it was given is still its own. */
  isOpen: boolean;
  /** Connections that it has, as far as it told. */
  open: number;
  /** Handed over, and not yet taken. */
  readonly pending: Map<number, Socket>;
}

/**
 * The one listening socket. Each connection goes, unread, to the gateway that has the fewest; a gateway that dies before it
 * took one loses nothing, for the connection stays open here until then. Why: docs/decisions/0024-several-gateways.md.
 */
export class SharedPort {
  readonly #server: Server;
  /** By worker id; who was given a connection last stands last. */
  readonly #members = new Map<string, Member>();
  readonly #waiting = new Set<Socket>();
  #lastId = 0;

  constructor() {
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, (connection) => {
      // A client that leaves while it waits is nobody's fault.
      connection.on('error', () => {});
      this.#place(connection);
    });
  }

  /** Only once somebody can answer: before, clients are refused at once. @throws Problem */
  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) => reject(explainPort(cause, port, host)));
      this.#server.listen(port, host, resolve);
    });
  }

  join(worker: string, hand: Hand): void {
    this.#members.set(worker, { hand, isOpen: true, open: 0, pending: new Map() });
    for (const connection of [...this.#waiting]) this.#place(connection);
  }

  /** From now on it is given nothing. */
  leave(worker: string): void {
    const member = this.#members.get(worker);
    if (member !== undefined) member.isOpen = false;
  }

  /** The worker owns the connection: our copy of it is closed, which the client does not notice. */
  took(worker: string, id: number): void {
    const member = this.#members.get(worker);
    member?.pending.get(id)?.destroy();
    member?.pending.delete(id);
  }

  closed(worker: string, count: number): void {
    const member = this.#members.get(worker);
    if (member !== undefined) member.open -= count;
  }

  /** The worker is dead, and everything that it said was heard: others get what it did not take. */
  bury(worker: string): void {
    const member = this.#members.get(worker);
    this.#members.delete(worker);
    for (const connection of member?.pending.values() ?? []) this.#place(connection);
  }

  close(): void {
    this.#server.close();
    for (const connection of this.#waiting) connection.destroy();
    this.#waiting.clear();
  }

  #place(connection: Socket): void {
    this.#waiting.delete(connection);
    if (connection.destroyed) return;
    const found = this.#leastBusy();
    if (found === null) {
      this.#wait(connection);
      return;
    }
    const [worker, member] = found;
    // Among equals the one goes last that was just chosen.
    this.#members.delete(worker);
    this.#members.set(worker, member);
    this.#lastId += 1;
    member.open += 1;
    member.pending.set(this.#lastId, connection);
    member.hand(this.#lastId, connection);
  }

  #leastBusy(): [string, Member] | null {
    let found: [string, Member] | null = null;
    for (const entry of this.#members) {
      if (entry[1].isOpen && (found === null || entry[1].open < found[1].open)) found = entry;
    }
    return found;
  }

  #wait(connection: Socket): void {
    if (this.#waiting.size >= WAITING_MAX) {
      connection.destroy();
      return;
    }
    this.#waiting.add(connection);
    const timer = setTimeout(() => {
      if (this.#waiting.delete(connection)) connection.destroy();
    }, WAIT_MS);
    timer.unref();
  }
}
