import { lookup as lookupHost } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector, Pool } from 'undici';
import { isPrivateAddress } from './private-address.ts';

export interface PoolOptions {
  /** Where the bytes go. With a socket path only the path of it counts. */
  readonly baseUrl: string;
  /** Unix socket of the model process. */
  readonly socketPath?: string;
  readonly connections: number;
  /** May resolve to a private, loopback or link-local address. */
  readonly allowPrivateAddress: boolean;
  /** Until the status line; without it the call's deadline alone counts. */
  readonly headersMs?: number;
  /** Between two pieces of an answer; 60 s without it. */
  readonly silenceMs?: number;
}

export interface GuardedPool {
  readonly pool: Pool;
  /** Why nothing may be sent to this address, or null. */
  readonly refused: string | null;
}

const CONNECT_MS = 5_000;
const SILENCE_MS = 60_000;
const MAX_HEADER_BYTES = 16_384;

/** Kept connections to one address. Nothing in it follows a redirect. */
export function openGuardedPool(options: PoolOptions): GuardedPool {
  const isFree = options.allowPrivateAddress || options.socketPath !== undefined;
  const pool = new Pool(new URL(options.baseUrl).origin, {
    connections: options.connections,
    pipelining: 1,
    // An answer that is not streamed has its status line only when it is whole: minutes on a small machine.
    headersTimeout: options.headersMs ?? 0,
    bodyTimeout: options.silenceMs ?? SILENCE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect: buildConnector({
      timeout: CONNECT_MS,
      ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }),
      ...(isFree ? {} : { lookup: publicLookup }),
    }),
  });
  return { pool, refused: isFree ? null : refusalOf(options.baseUrl) };
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
