import { createPrivateKey, sign } from 'node:crypto';
import { Problem } from '../../kit/index.ts';
import { openGuardedPool } from '../open-guarded-pool.ts';
import type { Secret } from '../resolve-secret.ts';
import type { TokenSource } from './driver.ts';
import { NoCredentials } from './no-credentials.ts';
import { isServiceAccount, readServiceAccount, type ServiceAccount } from './read-service-account.ts';

/** developers.google.com/identity/protocols/oauth2/service-account (2026-11) */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASSERTION_SECONDS = 3_600;
/** So long before its end a token is renewed, but never before half of its time is over. */
const RENEW_BEFORE_MS = 300_000;
/** So close to its end it is not used any more. */
const LAST_USE_MS = 10_000;
const EXCHANGE_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;

interface Held {
  /** What the key file said. */
  readonly account: string;
  readonly token: string;
  readonly renewMs: number;
  readonly endMs: number;
}

/** Access tokens of the service account whose key file the key is now: asked for once for all who wait, renewed before they end. */
export class GoogleTokens implements TokenSource {
  readonly #key: Secret;
  readonly #allowPrivateAddress: boolean;
  #held: Held | null = null;
  #running: Promise<Held> | null = null;
  #obstacle: string | null = null;

  constructor(key: Secret, allowPrivateAddress: boolean) {
    this.#key = key;
    this.#allowPrivateAddress = allowPrivateAddress;
  }

  /** Why the last exchange brought none, or null. */
  obstacle(): string | null {
    return isServiceAccount(this.#key.reveal()) ? this.#obstacle : null;
  }

  isBoughtWith(key: string): boolean {
    return isServiceAccount(key);
  }

  /** @throws NoCredentials */
  async token(account: string): Promise<string> {
    const nowMs = performance.now();
    const held = this.#held;
    if (held === null || nowMs >= held.endMs) return (await this.#renew(account)).token;
    // Nobody waits while the old one is still good.
    if (nowMs >= held.renewMs || held.account !== account) this.#renew(account).catch(() => {});
    return held.token;
  }

  /** The provider did not take it. Another one may have come meanwhile, which stays. */
  forget(token: string): void {
    if (this.#held?.token === token) this.#held = null;
  }

  #renew(account: string): Promise<Held> {
    this.#running ??= this.#exchange(account)
      .then((held) => {
        this.#held = held;
        this.#obstacle = null;
        return held;
      })
      .catch((cause: Error) => {
        const isSaid = cause instanceof NoCredentials || cause instanceof Problem;
        this.#obstacle = isSaid ? cause.message : 'the token endpoint could not be reached';
        throw cause instanceof NoCredentials ? cause : new NoCredentials(this.#obstacle);
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #exchange(account: string): Promise<Held> {
    const startedMs = performance.now();
    const { status, text } = await this.#post(readServiceAccount(account));
    if (status !== 200)
      throw new NoCredentials(`the token endpoint answered ${status}; check the service account and its clock`);
    const { token, lifeMs } = readAnswer(text);
    return {
      account,
      token,
      renewMs: startedMs + Math.max(lifeMs / 2, lifeMs - RENEW_BEFORE_MS),
      endMs: startedMs + Math.max(lifeMs / 2, lifeMs - LAST_USE_MS),
    };
  }

  /** A pool of its own, for one request an hour; the rules of addresses are those of the backend. */
  async #post(account: ServiceAccount): Promise<{ status: number; text: string }> {
    const url = new URL(account.tokenUri);
    if (url.protocol !== 'https:' && !this.#allowPrivateAddress)
      throw new NoCredentials('the token endpoint is not asked: its address must begin with https');
    const { pool, refused } = openGuardedPool({
      baseUrl: account.tokenUri,
      connections: 1,
      allowPrivateAddress: this.#allowPrivateAddress,
      headersMs: EXCHANGE_MS,
      silenceMs: EXCHANGE_MS,
    });
    try {
      if (refused !== null) throw new NoCredentials(`the token endpoint is not asked: ${refused}`);
      const body = new URLSearchParams({ grant_type: GRANT, assertion: assertionOf(account) }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
      const answer = await pool.request({
        ...{ method: 'POST', path: url.pathname + url.search, headers, body },
        signal: AbortSignal.timeout(EXCHANGE_MS),
      });
      const pieces: Buffer[] = [];
      let length = 0;
      for await (const piece of answer.body) {
        length += (piece as Buffer).length;
        if (length > ANSWER_BYTES_MAX) throw new NoCredentials('the token endpoint answered with more than a token');
        pieces.push(piece as Buffer);
      }
      return { status: answer.statusCode, text: Buffer.concat(pieces).toString('utf8') };
    } finally {
      await pool.destroy();
    }
  }
}

/** A signed claim (RFC 7523): who asks, for what, until when. */
function assertionOf({ email, keyId, privateKey, tokenUri }: ServiceAccount): string {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) });
  const claims = part({ iss: email, scope: SCOPE, aud: tokenUri, iat, exp: iat + ASSERTION_SECONDS });
  try {
    const signature = sign('RSA-SHA256', Buffer.from(`${head}.${claims}`), createPrivateKey(privateKey));
    return `${head}.${claims}.${signature.toString('base64url')}`;
  } catch {
    throw new NoCredentials('the private key of the service account cannot sign; download its key file again');
  }
}

function readAnswer(text: string): { token: string; lifeMs: number } {
  let answer: { access_token?: unknown; expires_in?: unknown } | null = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // Falls through.
  }
  const { access_token: token, expires_in: seconds } = answer ?? {};
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token) || typeof seconds !== 'number' || !(seconds > 0))
    throw new NoCredentials('the token endpoint answered without a token');
  return { token, lifeMs: seconds * 1000 };
}
