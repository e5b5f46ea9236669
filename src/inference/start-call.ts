import { errors, type Pool } from 'undici';
import type { ModelCall, ModelEvents, ModelFailureKind, ModelStart, RunningCall } from './ports.ts';
import { readRetryAfter } from './read-retry-after.ts';

export interface Line {
  readonly pool: Pool;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** As the model's events, with all headers of the answer at its start. */
export interface WireEvents extends Omit<ModelEvents, 'onStart'> {
  onStart(start: ModelStart, headers: WireHeaders): void;
}

export type WireHeaders = Readonly<Record<string, string | string[] | undefined>>;

type Controller = { abort(reason: Error): void; pause(): void; resume(): void };

class Aborted extends Error {}

/** Sends one request and tells its answer. No redirect is followed, no coded answer is taken. */
export function startCall(line: Line, call: ModelCall, events: WireEvents): RunningCall {
  let controller: Controller | null = null;
  let ended = false;
  let wasSent = false;
  let paused = false;
  const timer = setTimeout(
    () =>
      stop(
        wasSent
          ? { kind: 'timeout', reason: `no whole answer within ${call.deadlineMs} ms` }
          : { kind: 'unreachable', reason: `no connection was free within ${call.deadlineMs} ms` },
      ),
    call.deadlineMs,
  );
  const finish = (tell: () => void) => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    tell();
  };
  const stop = (failure: { kind: ModelFailureKind; reason: string } | null) => {
    finish(() => failure && events.onFailure(failure));
    controller?.abort(new Aborted());
  };
  line.pool.dispatch(
    {
      method: 'POST',
      path: line.path,
      headers: headersOf(line, call),
      body: call.body as Uint8Array<ArrayBuffer>,
    },
    {
      onRequestStart(given) {
        controller = given;
        wasSent = true;
        if (ended) given.abort(new Aborted());
        else if (paused) given.pause();
      },
      onResponseStart(_given, status, headers) {
        // 1xx announce, they do not answer.
        if (ended || status < 200) return;
        if (status >= 300 && status < 400)
          return stop({ kind: 'garbage', reason: `a redirect (${status}); upstreams are named by the charter alone` });
        const coding = String(headers['content-encoding'] || 'identity').toLowerCase();
        if (coding !== 'identity')
          return stop({ kind: 'garbage', reason: 'a coded answer, though identity was asked for' });
        // Chunks alone are undone on the way.
        const transfer = headers['transfer-encoding'];
        if (transfer !== undefined && String(transfer).toLowerCase() !== 'chunked')
          return stop({ kind: 'garbage', reason: 'a transfer coding other than chunked' });
        const retryAfterMs = readRetryAfter(headers);
        const contentType = mediaType(headers['content-type']);
        const start = { status, contentType, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
        events.onStart(start, headers);
      },
      onResponseData(_given, chunk) {
        if (!ended) events.onData(chunk);
      },
      onResponseEnd() {
        finish(() => events.onEnd());
      },
      onResponseError(_given, error) {
        finish(() => events.onFailure({ kind: kindOf(error, wasSent), reason: reasonOf(error) }));
      },
    },
  );
  return {
    abort: () => stop(null),
    pause() {
      paused = true;
      controller?.pause();
    },
    resume() {
      paused = false;
      controller?.resume();
    },
  };
}

function headersOf({ headers }: Line, { headers: own, traceparent }: ModelCall): Record<string, string> {
  if (own === undefined && traceparent === undefined) return headers;
  return { ...headers, ...own, ...(traceparent === undefined ? {} : { traceparent }) };
}

function mediaType(contentType: string | string[] | undefined): string {
  const [type = ''] = String(contentType ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

function kindOf(error: Error, wasSent: boolean): ModelFailureKind {
  if (error instanceof errors.ConnectTimeoutError) return 'unreachable';
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return 'timeout';
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) return 'garbage';
  return wasSent ? 'cut' : 'unreachable';
}

/** Codes and our own sentences; an upstream's text could carry anything. */
function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.name;
}
