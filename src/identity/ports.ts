/** Who asks. Keys are looked up by hash in memory; no SQL on the path. */
import type { Limits, Tenant } from '../charter/schema.ts';

export type Role = 'administrator' | 'operator' | 'auditor' | 'caller';

export interface ApiKey {
  /** Public id, such as `key_2f9c01ab`; never part of the secret. */
  readonly id: string;
  readonly tenant: string;
  /** Of the tenant, such as `chat-pilot`; null: of none. */
  readonly project: string | null;
  /** Ids of purposes; the first is the default. */
  readonly purposes: readonly string[];
  /** Level id that requests with this key carry unless a header says otherwise; null: the tenant's highest. */
  readonly defaultLevel: string | null;
  readonly limits: Limits;
  readonly role: Role;
  /** Wall milliseconds, or null for no end. */
  readonly expiresAtMs: number | null;
}

export interface Caller {
  readonly key: ApiKey;
  readonly tenant: Tenant;
}

export interface KeyRing {
  /** Takes the presented secret; null when unknown, revoked or expired. Constant work per call. */
  find(secret: string): ApiKey | null;
  /**
   * For a secret that `find` does not know: asks where keys are made, since a new one reaches the ring a moment later.
   * Bounded in time and number, whoever asks; null beyond the bounds.
   */
  lookUp(secret: string): Promise<ApiKey | null>;
  /** The live key of a public id, for work that was ordered with it; null when it was revoked or has expired. */
  findById(id: string): ApiKey | null;
}

/** A key as an administrator sees it: everything but the secret. */
export interface KeyRecord extends ApiKey {
  /** What people call it, such as `chat of the tax board`. */
  readonly name: string;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
}

export interface NewKey extends KeyRecord {
  /** SHA-256 of the secret, hexadecimal. */
  readonly secretHash: string;
}

export interface KeyStore {
  insert(key: NewKey): Promise<void>;
  /** Newest first. */
  list(filter: { readonly tenant?: string }): Promise<KeyRecord[]>;
  /** Null when there is no such key; a key that was revoked before keeps its time. */
  revoke(id: string, atMs: number): Promise<KeyRecord | null>;
}

export interface NewLink {
  readonly tokenHash: string;
  readonly role: Role;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** A signed-in browser. */
export interface Session {
  /** Public id for logs; never part of the secret. */
  readonly id: string;
  readonly role: Role;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export interface NewSession extends Omit<Session, 'role'> {
  readonly secretHash: string;
}

export interface SessionStore {
  insertLink(link: NewLink): Promise<void>;
  /** Uses the link up and opens the session with the link's role, both or neither; null when it was used, ran out or never was. */
  exchangeLink(tokenHash: string, session: NewSession): Promise<Session | null>;
  /** Null when unknown, ended or run out at `atMs`. */
  find(secretHash: string, atMs: number): Promise<Session | null>;
  extend(secretHash: string, expiresAtMs: number): Promise<void>;
  end(secretHash: string, atMs: number): Promise<void>;
}

/** A session with what its role may do, such as `read-keys`. */
export interface LiveSession extends Session {
  readonly actions: readonly string[];
}

export interface OpenedSession extends LiveSession {
  /** For the cookie; only its hash is kept. */
  readonly secret: string;
  readonly maxAgeSeconds: number;
}

/** Sign-in of people, for the API. */
export interface SessionDesk {
  /** Uses the link up; null when it was used, ran out or never was. */
  redeemAdminLink(token: string): Promise<OpenedSession | null>;
  /** The session of a cookie's secret, or null. Using it keeps it alive, up to a day. */
  findSession(secret: string): Promise<LiveSession | null>;
  endSession(secret: string): Promise<void>;
}
