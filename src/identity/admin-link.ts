import { randomBytes } from 'node:crypto';
import { Problem } from '../kit/index.ts';
import { hashSecret } from './key-secret.ts';
import type { Role, Session, SessionStore } from './ports.ts';

const LINK_LIFE_MS = 15 * 60_000;
/** A session ends 12 hours after it was last used, and 24 hours after it began. */
const SESSION_IDLE_MS = 12 * 3_600_000;
const SESSION_LIFE_MS = 24 * 3_600_000;
/** How much of the idle time may pass before it is written down that the session is in use. */
const EXTEND_AFTER_MS = 5 * 60_000;

export interface SignInContext {
  readonly store: SessionStore;
  readonly nowMs: number;
}

export interface OpenedSession {
  readonly session: Session;
  /** For the cookie; only its hash is kept. */
  readonly secret: string;
}

/** 256 random bits; they travel in the fragment of the address, so that no server log ever sees them. */
export async function createAdminLink(
  context: SignInContext & { readonly publicUrl: string; readonly role?: Role },
): Promise<{ url: string; expiresAtMs: number }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAtMs = context.nowMs + LINK_LIFE_MS;
  const link = { tokenHash: hashSecret(token), role: context.role ?? 'administrator', expiresAtMs } as const;
  await context.store.insertLink({ ...link, createdAtMs: context.nowMs });
  return { url: `${new URL('/admin', context.publicUrl).href}#token=${token}`, expiresAtMs };
}

/** Uses the link up: of any number of attempts at the same time exactly one gets a session. */
export async function redeemAdminLink(token: string, context: SignInContext): Promise<OpenedSession> {
  const secret = randomBytes(32).toString('base64url');
  const session = await context.store.exchangeLink(hashSecret(token), {
    id: `session_${randomBytes(6).toString('hex')}`,
    secretHash: hashSecret(secret),
    createdAtMs: context.nowMs,
    expiresAtMs: context.nowMs + SESSION_IDLE_MS,
  });
  if (session === null) {
    throw new Problem(
      'signed-out',
      'the link was used or is older than 15 minutes; make one with `./polity admin link`',
    );
  }
  return { session, secret };
}

/** The session of a cookie's secret, or null. Using it keeps it alive, up to a day. */
export async function findSession(secret: string, context: SignInContext): Promise<Session | null> {
  if (secret.length !== 43) return null;
  const secretHash = hashSecret(secret);
  const session = await context.store.find(secretHash, context.nowMs);
  if (session === null) return null;
  const until = Math.min(context.nowMs + SESSION_IDLE_MS, session.createdAtMs + SESSION_LIFE_MS);
  if (until - session.expiresAtMs < EXTEND_AFTER_MS) return session;
  await context.store.extend(secretHash, until);
  return { ...session, expiresAtMs: until };
}

export async function endSession(secret: string, context: SignInContext): Promise<void> {
  await context.store.end(hashSecret(secret), context.nowMs);
}
