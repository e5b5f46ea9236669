import { randomBytes } from 'node:crypto';
import type { Clock } from '../kit/index.ts';
import { hashSecret } from './key-secret.ts';
import type { LiveSession, OpenedSession, Role, Session, SessionDesk, SessionStore } from './ports.ts';
import { actionsOf } from './roles.ts';

const LINK_LIFE_MS = 15 * 60_000;
/** A session ends 12 hours after it was last used, and 24 hours after it began. */
const SESSION_IDLE_MS = 12 * 3_600_000;
const SESSION_LIFE_MS = 24 * 3_600_000;
/** So much use is not written down, so that reading a page is no write. */
const EXTEND_AFTER_MS = 5 * 60_000;
/** Tokens and session secrets: 256 random bits in base64url. */
const SECRET_SHAPE = /^[A-Za-z0-9_-]{43}$/;

export interface SignInContext {
  readonly store: SessionStore;
  readonly clock: Clock;
}

/** The token travels in the fragment of the address, which no server and no referrer sees. */
export async function createAdminLink(
  context: SignInContext & { readonly publicUrl: string; readonly role?: Role },
): Promise<{ url: string; expiresAtMs: number }> {
  const token = makeSecret();
  const createdAtMs = context.clock.wallMs();
  const expiresAtMs = createdAtMs + LINK_LIFE_MS;
  const role = context.role ?? 'administrator';
  await context.store.insertLink({ tokenHash: hashSecret(token), role, createdAtMs, expiresAtMs });
  return { url: `${new URL('/', context.publicUrl).href}#admin=${token}`, expiresAtMs };
}

export function openSessionDesk(context: SignInContext): SessionDesk {
  return {
    redeemAdminLink: (token) => redeemAdminLink(token, context),
    findSession: (secret) => findSession(secret, context),
    async endSession(secret) {
      if (SECRET_SHAPE.test(secret)) await context.store.end(hashSecret(secret), context.clock.wallMs());
    },
  };
}

/** Uses the link up: of any number of attempts at the same time exactly one gets a session. */
async function redeemAdminLink(token: string, context: SignInContext): Promise<OpenedSession | null> {
  if (!SECRET_SHAPE.test(token)) return null;
  const secret = makeSecret();
  const createdAtMs = context.clock.wallMs();
  const session = await context.store.exchangeLink(hashSecret(token), {
    id: `session_${randomBytes(6).toString('hex')}`,
    secretHash: hashSecret(secret),
    createdAtMs,
    expiresAtMs: createdAtMs + SESSION_IDLE_MS,
  });
  return session === null ? null : { ...alive(session), secret, maxAgeSeconds: SESSION_LIFE_MS / 1000 };
}

async function findSession(secret: string, { store, clock }: SignInContext): Promise<LiveSession | null> {
  if (!SECRET_SHAPE.test(secret)) return null;
  const secretHash = hashSecret(secret);
  const nowMs = clock.wallMs();
  const session = await store.find(secretHash, nowMs);
  if (session === null) return null;
  const expiresAtMs = Math.min(nowMs + SESSION_IDLE_MS, session.createdAtMs + SESSION_LIFE_MS);
  if (expiresAtMs - session.expiresAtMs < EXTEND_AFTER_MS) return alive(session);
  await store.extend(secretHash, expiresAtMs);
  return alive({ ...session, expiresAtMs });
}

function alive(session: Session): LiveSession {
  return { ...session, actions: actionsOf(session.role) };
}

function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}
