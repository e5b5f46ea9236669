import type { RequestEvent } from '../gateway/index.ts';

/** Takes the one wide event of each request: a line of JSON and the counters behind `/metrics`. */
export interface RequestLog {
  write(event: RequestEvent): void;
}
