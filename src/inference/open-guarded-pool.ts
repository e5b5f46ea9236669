import { lookup as lookupHost } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
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
  /** How long a connection to a name is used; five minutes without it. */
  readonly connectionMs?: number;
  /** Asked for names; the machine's own without it. */
  readonly lookup?: LookupFunction;
}

export interface GuardedPool {
  readonly pool: Pool;
  /** Why nothing may be sent to this address, or null. */
  readonly refused: string | null;
}

const CONNECT_MS = 5_000;
/** An address of several has so long to answer. Node's 250 ms are over before another continent has, and then the next may be none. */
const ATTEMPT_MS = 1_500;
/** Names are looked up for new connections alone: a backend that moved is followed that much later at most. */
const CONNECTION_MS = 300_000;
const SILENCE_MS = 60_000;
const MAX_HEADER_BYTES = 16_384;

/** Kept connections to one address. Nothing in it follows a redirect. */
export function openGuardedPool(options: PoolOptions): GuardedPool {
  const isFree = options.allowPrivateAddress || options.socketPath !== undefined;
  const lookup: LookupFunction = options.lookup ?? lookupHost;
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
      lookup: isFree ? lookup : publicOnly(lookup),
      autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
    }),
    ...(isName(options) ? { clientTtl: options.connectionMs ?? CONNECTION_MS } : {}),
  });
  return { pool, refused: isFree ? null : refusalOf(options.baseUrl) };
}

/** Without its brackets, if it is an address of IPv6. */
function hostOf(baseUrl: string): string {
  return new URL(baseUrl).hostname.replace(/^\[|\]$/g, '');
}

function isName({ baseUrl, socketPath }: PoolOptions): boolean {
  return socketPath === undefined && isIP(hostOf(baseUrl)) === 0;
}

/** A literal address needs no look-up, so it is judged here. */
function refusalOf(baseUrl: string): string | null {
  return isPrivateAddress(hostOf(baseUrl))
    ? 'the address of this backend is private, and its entry in the charter does not allow that'
    : null;
}

/** Refuses names that lead into our own network, at the moment of connecting, so that no second answer slips in. */
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const allowed = (Array.isArray(found) ? found : []).filter(({ address }) => !isPrivateAddress(address));
      const [first] = allowed;
      if (error || first === undefined) callback(error ?? new Error('the name leads to a private address'), '', 0);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
}
