import type { Exchange, RequestEvent } from '../gateway/index.ts';

/** Takes the one wide event of each request: a line of JSON and the counters behind `/metrics`. */
export interface RequestLog {
  /** The exchange, where there was one, for the calls of backends. Read at once and not kept. */
  write(event: RequestEvent, exchange?: Exchange): void;
}
