import { randomBytes } from 'node:crypto';
import { makeDataKey, sha256Hex, unwrapDataKey } from '../kit/index.ts';
import { type AssistantContext, type Guest, openRules } from './context.ts';

const DAY_MS = 86_400_000;
/** 256 random bits in base64url. */
const SECRET_SHAPE = /^[A-Za-z0-9_-]{43}$/;
/** Browsers keep no cookie for longer. */
const COOKIE_DAYS_MAX = 400;

export interface OpenedGuest {
  readonly guest: Guest;
  /** For the cookie; only its hash is kept. */
  readonly secret: string;
}

/** A new subject with a key of its own. @throws Problem `not-found` while the assistant is closed */
export async function openGuest(context: AssistantContext): Promise<OpenedGuest> {
  const { store, clock, kek } = context;
  const keptMs = Math.max(1, openRules(context.charter()).keepDays) * DAY_MS;
  const id = `guest-${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  const { key, ...wrapped } = makeDataKey(kek, 'assistant_subject', id);
  const createdAtMs = clock.wallMs();
  const secretHash = sha256Hex(secret);
  await store.insertSubject({ id, secretHash, ...wrapped, createdAtMs, keptUntilMs: createdAtMs + keptMs });
  return { guest: { id, key }, secret };
}

/** Null when the secret is none, or its guest is gone. */
export async function findGuest(secret: string, { store, clock, kek }: AssistantContext): Promise<Guest | null> {
  if (!SECRET_SHAPE.test(secret)) return null;
  const row = await store.findSubject(sha256Hex(secret), clock.wallMs());
  if (row === null) return null;
  return { id: row.id, key: unwrapDataKey(row, kek, { table: 'assistant_subject', id: row.id }) };
}

/** For how long the browser keeps the cookie: as long as what it opens. */
export function cookieSeconds(context: AssistantContext): number {
  const { keepDays } = openRules(context.charter());
  return (Math.min(Math.max(1, keepDays), COOKIE_DAYS_MAX) * DAY_MS) / 1000;
}
