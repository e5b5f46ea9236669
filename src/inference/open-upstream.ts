import { lookup as lookupHost } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector, errors, Pool } from 'undici';
import type { ModelCall, ModelEvents, ModelFailureKind, ModelPort, RunningCall } from './ports.ts';
import { isPrivateAddress } from './private-address.ts';
import type { Secret } from './resolve-secret.ts';

export interface UpstreamOptions {
  /** Up to and including `/v1`. With a socket path only the path of it counts. */
  readonly baseUrl: string;
  /** Unix socket of the model process. */
  readonly socketPath?: string;
  readonly key?: Secret;
  readonly connections: number;
  /** May resolve to a private, loopback or link-local address. */
  readonly allowPrivateAddress: boolean;
  /** Until the status line; without it the call's deadline alone counts. */
  readonly headersMs?: number;
  /** Between two pieces of an answer; 60 s without it. */
  readonly silenceMs?: number;
}

const CONNECT_MS = 5_000;
const SILENCE_MS = 60_000;
const MAX_HEADER_BYTES = 16_384;

/** An OpenAI-compatible upstream over a pool of kept connections. Redirects are never followed. */
export function openUpstream(options: UpstreamOptions): ModelPort {
  const { origin, pathname } = new URL(options.baseUrl);
  const pool = new Pool(origin, {
    connections: options.connections,
    pipelining: 1,
    // An answer that is not streamed has its status line only when it is whole: minutes on a small machine.
    headersTimeout: options.headersMs ?? 0,
    bodyTimeout: options.silenceMs ?? SILENCE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect: buildConnector({
      timeout: CONNECT_MS,
      ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }),
      ...(options.allowPrivateAddress || options.socketPath !== undefined ? {} : { lookup: publicLookup }),
    }),
  });
  const prefix = pathname.replace(/\/$/, '');
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'accept-encoding': 'identity',
    ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key.reveal()}` }),
  };
  const refused = options.allowPrivateAddress || options.socketPath !== undefined ? null : refusalOf(options.baseUrl);
  return {
    call: (call, events) =>
      refused === null ? startCall({ pool, path: prefix + call.path, headers }, call, events) : fail(events, refused),
    obstacle: () => refused,
    close: () => pool.close(),
  };
}

/** A literal address needs no look-up, so it is judged here. */
function refusalOf(baseUrl: string): string | null {
  const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, '');
  return isPrivateAddress(host)
    ? 'the address of this backend is private, and its entry in the charter does not allow that'
    : null;
}

/** Refuses names that lead into our own network, at the moment of connecting, so that no second answer slips in. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookupHost(hostname, { ...options, all: true }, (error, addresses) => {
    const allowed = (addresses ?? []).filter(({ address }) => !isPrivateAddress(address));
    const [first] = allowed;
    if (error || first === undefined) callback(error ?? new Error('the name leads to a private address'), '', 0);
    else if (options.all) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
};

function fail(events: ModelEvents, reason: string): RunningCall {
  queueMicrotask(() => events.onFailure({ kind: 'unreachable', reason }));
  return { abort() {}, pause() {}, resume() {} };
}

interface Line {
  readonly pool: Pool;
  readonly path: string;
  readonly headers: Record<string, string>;
}

type Controller = { abort(reason: Error): void; pause(): void; resume(): void };

class Aborted extends Error {}

function startCall(line: Line, call: ModelCall, events: ModelEvents): RunningCall {
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
        const coding = headers['content-encoding'] ?? 'identity';
        if (coding !== 'identity')
          return stop({ kind: 'garbage', reason: 'a coded answer, though identity was asked for' });
        const retryAfterMs = readRetryAfter(headers['retry-after']);
        const contentType = mediaType(headers['content-type']);
        events.onStart(retryAfterMs === undefined ? { status, contentType } : { status, contentType, retryAfterMs });
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

/** Seconds or a date, RFC 9110 section 10.2.3. */
function readRetryAfter(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,8}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
