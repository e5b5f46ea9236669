import type { Pool } from 'undici';
import { plainHeaders } from '../open-upstream.ts';
import type { ModelCall, ModelFailure, ModelStart, RunningCall } from '../ports.ts';
import { startCall, type WireHeaders } from '../start-call.ts';

const BUFFER_BYTES = 65_536;

interface Wire {
  readonly pool: Pool;
  /** Nothing is ever sent elsewhere, whatever a package makes of its settings. */
  readonly origin: string;
  readonly call: Pick<ModelCall, 'deadlineMs' | 'traceparent'>;
  /** Throws where the request must not be sent. */
  check?(text: string): void;
}

/**
 * The `fetch` of one call over the guarded pool, and what became of it. A package sees a common `fetch`; the failure and
 * the head of the answer are kept as they were on the wire, whatever the package makes of them.
 */
export class Exchange {
  readonly #wire: Wire;
  readonly #untilMs: number;
  readonly #running = new Set<RunningCall>();
  #isAborted = false;
  failure: ModelFailure | null = null;
  start: ModelStart | null = null;
  /** Told at once, also while nobody reads. */
  onTimeout: (failure: ModelFailure) => void = () => {};

  constructor(wire: Wire) {
    this.#wire = wire;
    this.#untilMs = Date.now() + wire.call.deadlineMs;
  }

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (this.#isAborted) throw new Error('the call was aborted');
    if (url.origin !== this.#wire.origin) throw this.#fail('the package asked for another address');
    const text = init.body;
    if (typeof text !== 'string') throw this.#fail('the package sent a body that is no text');
    this.#wire.check?.(text);
    return await this.#send(url, Buffer.from(text), sentHeaders(init.headers));
  };

  abort(): void {
    this.#isAborted = true;
    for (const running of this.#running) running.abort();
  }

  #fail(reason: string): Error {
    this.failure = { kind: 'unreachable', reason };
    return new Error(reason);
  }

  #send({ pathname, search }: URL, body: Uint8Array, headers: Record<string, string>): Promise<Response> {
    const { pool, call } = this.#wire;
    const path = pathname + search;
    let stream: ReadableStreamDefaultController<Uint8Array> | null = null;
    const onStream = (given: typeof stream) => {
      stream = given;
    };
    return new Promise((resolve, reject) => {
      const done = () => this.#running.delete(running);
      const running = startCall(
        { pool, path, headers },
        { ...call, path, body, deadlineMs: Math.max(1, this.#untilMs - Date.now()) },
        {
          onStart: (start, given) => {
            this.start = start;
            resolve(response({ start, headers: given, running, onStream }));
          },
          onData(chunk) {
            stream?.enqueue(new Uint8Array(chunk));
            if ((stream?.desiredSize ?? 1) <= 0) running.pause();
          },
          onEnd() {
            done();
            stream?.close();
          },
          onFailure: (failure) => {
            done();
            this.failure = failure;
            if (failure.kind === 'timeout') this.onTimeout(failure);
            const error = new Error(failure.reason);
            stream?.error(error);
            reject(error);
          },
        },
      );
      this.#running.add(running);
    });
  }
}

/** Packages name themselves and their runtime; a provider needs neither. */
function sentHeaders(given: RequestInit['headers']): Record<string, string> {
  const headers: Record<string, string> = { ...plainHeaders };
  new Headers(given).forEach((value, name) => {
    if (name !== 'user-agent') headers[name] = value;
  });
  return { ...headers, 'accept-encoding': 'identity' };
}

interface Answer {
  readonly start: ModelStart;
  readonly headers: WireHeaders;
  readonly running: RunningCall;
  onStream(controller: ReadableStreamDefaultController<Uint8Array>): void;
}

function response({ start: { status }, headers, running, onStream }: Answer): Response {
  const body = new ReadableStream<Uint8Array>(
    { start: onStream, pull: () => running.resume(), cancel: () => running.abort() },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  const given = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) given.set(name, Array.isArray(value) ? value.join(', ') : value);
  return new Response(hasBody ? body : null, { status, headers: given });
}
