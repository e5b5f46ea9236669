import type { Pool } from 'undici';
import { openGuardedPool, type PoolOptions } from './open-guarded-pool.ts';
import type { ModelEvents, ModelPort, RunningCall } from './ports.ts';
import type { Secret } from './resolve-secret.ts';
import { startCall } from './start-call.ts';

/** `baseUrl`: up to and including `/v1`. */
export interface UpstreamOptions extends PoolOptions {
  readonly key?: Secret;
  /** Header that carries the key, where it is not a bearer token. */
  readonly keyHeader?: string;
  /** Of every request, such as `api-version=2024-10-21`. */
  readonly query?: string;
}

/** An OpenAI-compatible upstream over a pool of kept connections. Redirects are never followed. */
export function openUpstream(options: UpstreamOptions): ModelPort {
  const { pool, refused } = openGuardedPool(options);
  // Requests that hang have all the others.
  const looks = openGuardedPool({ ...options, connections: 1 }).pool;
  const prefix = new URL(options.baseUrl).pathname.replace(/\/$/, '');
  const suffix = options.query === undefined ? '' : `?${options.query}`;
  const headers = currentHeaders(options);
  return {
    call: (call, events) =>
      refused === null
        ? startCall({ pool, path: prefix + call.path + suffix, headers: headers() }, call, events)
        : failUnsent(events, refused),
    obstacle: () => refused,
    probe: async () =>
      refused === null && (await isAlive(looks, { path: `${prefix}/models${suffix}`, headers: headers() })),
    async close() {
      await Promise.all([pool.close(), looks.close()]);
    },
  };
}

const PROBE_MS = 3_000;

/** Any answer but a server's fault: who refuses our list of models is alive too. */
async function isAlive(
  pool: Pool,
  { path, headers }: { path: string; headers: Record<string, string> },
): Promise<boolean> {
  try {
    const limits = { headersTimeout: PROBE_MS, bodyTimeout: PROBE_MS };
    const signal = AbortSignal.timeout(PROBE_MS);
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers, signal, ...limits });
    await body.dump();
    return statusCode < 500;
  } catch {
    return false;
  }
}

export const plainHeaders: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'accept-encoding': 'identity',
};

/** Made anew only when the key has changed. */
function currentHeaders({ key, keyHeader }: UpstreamOptions): () => Record<string, string> {
  let text: string | undefined;
  let headers: Record<string, string> = { ...plainHeaders };
  return () => {
    const now = key?.reveal();
    if (now === undefined || now === text) return headers;
    text = now;
    headers = {
      ...plainHeaders,
      ...(keyHeader === undefined ? { authorization: `Bearer ${now}` } : { [keyHeader]: now }),
    };
    return headers;
  };
}

/** Told as every failure is: after the caller has what it called, and not after an abort. */
export function failUnsent(events: Pick<ModelEvents, 'onFailure'>, reason: string): RunningCall {
  let isAborted = false;
  queueMicrotask(() => {
    if (!isAborted) events.onFailure({ kind: 'unreachable', reason });
  });
  return {
    abort() {
      isAborted = true;
    },
    pause() {},
    resume() {},
  };
}
