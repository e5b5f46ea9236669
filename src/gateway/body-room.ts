import { Problem } from '../kit/index.ts';

const RETRY_AFTER_MS = 1_000;

/** What the bodies of all requests of this process hold together; so many large ones at a time as memory was set aside for. */
export class BodyRoom {
  readonly #byOwner = new Map<string, number>();
  #total = 0;

  /** Null when there was room; half of it is left to others. `bytesMax` is of the room. */
  take(owner: string, bytes: number, bytesMax: number): Problem | null {
    const own = (this.#byOwner.get(owner) ?? 0) + bytes;
    if (this.#total + bytes > bytesMax) return full('this process holds as many large bodies as it has room for');
    if (own > bytesMax / 2)
      return full('the requests that are under way with this key have half of the room for bodies');
    this.#byOwner.set(owner, own);
    this.#total += bytes;
    return null;
  }

  leave(owner: string, bytes: number): void {
    this.#total -= bytes;
    const own = (this.#byOwner.get(owner) ?? 0) - bytes;
    if (own > 0) this.#byOwner.set(owner, own);
    else this.#byOwner.delete(owner);
  }
}

function full(detail: string): Problem {
  return new Problem('overloaded', `${detail}; send it again shortly`, { retryAfterMs: RETRY_AFTER_MS });
}

/** The place of one request in the room; empty until its body is too large to have come with its head. */
export class BodyHold {
  readonly #room: BodyRoom;
  #owner = '';
  #bytes = 0;

  constructor(room: BodyRoom) {
    this.#room = room;
  }

  /** `owner` is the id of a key. */
  openFor(owner: string): void {
    this.#owner = owner;
  }

  take(bytes: number, bytesMax: number): Problem | null {
    const problem = this.#room.take(this.#owner, bytes, bytesMax);
    if (problem === null) this.#bytes += bytes;
    return problem;
  }

  release(): void {
    if (this.#bytes > 0) this.#room.leave(this.#owner, this.#bytes);
    this.#bytes = 0;
  }
}
