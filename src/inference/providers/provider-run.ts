import { Problem } from '../../kit/index.ts';
import type { ModelEvents, ModelFailure, RunningCall } from '../ports.ts';
import { errorOfStatus, type ProviderError } from './error-body.ts';
import type { Exchange } from './exchange.ts';
import { refuse } from './refuse.ts';
import { frameOf } from './write-chat.ts';

const callerFaults = ['AI_UnsupportedFunctionalityError', 'AI_InvalidArgumentError', 'AI_InvalidPromptError'];

/** The events of one translated call: told in their order, none after the end, held while the reader pauses. */
export class ProviderRun implements RunningCall {
  readonly #events: ModelEvents;
  #exchange: Exchange | null = null;
  #hasEnded = false;
  #hasOpened = false;
  #pausing: { readonly over: Promise<void>; end(): void } | null = null;

  constructor(events: ModelEvents) {
    this.#events = events;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Aborted with the call. */
  use(exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.onTimeout = (failure) => this.break(failure);
    if (this.#hasEnded) exchange.abort();
  }

  abort(): void {
    this.#hasEnded = true;
    this.#exchange?.abort();
    this.resume();
  }

  pause(): void {
    if (this.#pausing !== null) return;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#pausing = { over, end };
  }

  resume(): void {
    this.#pausing?.end();
    this.#pausing = null;
  }

  /** Resolves once the reader takes more. */
  async pass(): Promise<void> {
    while (this.#pausing !== null) await this.#pausing.over;
  }

  write(frames: string): void {
    if (this.#hasEnded || frames === '') return;
    this.#open(200, 'text/event-stream');
    this.#events.onData(Buffer.from(frames));
  }

  answer(status: number, body: unknown): void {
    if (this.#hasEnded) return;
    this.#open(status, 'application/json');
    this.#events.onData(Buffer.from(JSON.stringify(body)));
    this.end();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#events.onEnd();
  }

  /** Ends as a failure, which is never shown as an answer. */
  break(failure: ModelFailure): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#exchange?.abort();
    this.#events.onFailure(failure);
    this.resume();
  }

  /** An error that the provider told inside its answer: a status while there is still time, a frame after that. */
  tellError({ status, ...error }: ProviderError, isStream: boolean): void {
    if (status !== undefined || !isStream) {
      if (!this.#hasOpened) return void this.answer(status ?? 502, { error });
    }
    this.write(frameOf({ error }));
    this.end();
    this.#exchange?.abort();
  }

  /** Whatever a package threw, by what was on the wire. */
  fail(cause: unknown): void {
    if (this.#hasEnded) return;
    if (cause instanceof Problem) return void this.#refuse(cause);
    const { failure = null, start = null } = this.#exchange ?? {};
    if (failure !== null) return void this.break(failure);
    const { name, message } = cause as Error;
    if (start === null) {
      if (callerFaults.includes(name)) return void this.#refuse(refuse('messages', 'it takes no messages like these'));
      return void this.break({ kind: 'unreachable', reason: name });
    }
    if (start.status >= 400 && !this.#hasOpened)
      return void this.answer(start.status, { error: errorOfStatus(cause, start.status) });
    const isCut = message.startsWith('Incomplete');
    this.break({ kind: isCut ? 'cut' : 'garbage', reason: isCut ? 'the answer ended within a frame' : name });
  }

  /** Nothing was sent. */
  #refuse(problem: Problem): void {
    const { param } = problem.extras;
    this.break({ kind: 'unable', reason: `${problem.code}${param === undefined ? '' : ` ${param}`}`, problem });
  }

  #open(status: number, contentType: string): void {
    if (this.#hasOpened) return;
    this.#hasOpened = true;
    const { retryAfterMs } = this.#exchange?.start ?? {};
    this.#events.onStart({ status, contentType, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }
}
