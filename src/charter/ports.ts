/** Where versions of the charter are kept. `store/charter` implements it. */
import type { CharterError } from './charter-error.ts';
import type { Charter, CharterBytes } from './schema.ts';

/** A version without its files. */
export interface CharterVersion {
  /** SHA-256, hexadecimal, as `charterDigest` gives it. */
  readonly digest: string;
  readonly country: string;
  readonly status: Charter['country']['status'];
  readonly quorum: number;
  readonly proposedAtMs: number;
  /** Of its last adoption; null for a proposal that waits. */
  readonly adoptedAtMs: number | null;
}

export type NewCharterVersion = Omit<CharterVersion, 'adoptedAtMs'> & { readonly bytes: CharterBytes };

export interface CharterStore {
  /** Keeps a proposal; keeping the same digest again changes nothing. */
  saveVersion(version: NewCharterVersion): Promise<void>;
  /** The exact bytes, or null when the digest is unknown. */
  loadVersion(digest: string): Promise<CharterBytes | null>;
  /**
   * Puts a kept version in force, announces the record in the governance log, both or neither, and tells every process
   * (`NOTIFY polity_charter`, payload: the digest).
   */
  adopt(digest: string, atMs: number, record: AdoptionRecord): Promise<void>;
  /** What is in force, or null before the first adoption. */
  currentVersion(): Promise<CharterVersion | null>;
  /** Adoptions and waiting proposals, newest first. */
  history(): Promise<readonly CharterVersion[]>;
}

/** The whole check of a charter, policies included: `checkCharter` of `policy/`. */
export type CharterCheck = (
  bytes: CharterBytes,
) =>
  | { readonly kind: 'valid'; readonly charter: Charter; readonly warnings: readonly CharterError[] }
  | { readonly kind: 'invalid'; readonly errors: readonly CharterError[] };

/** The governance record `charter.adopted`. */
export interface AdoptionRecord {
  readonly type: 'charter.adopted';
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
  readonly sha256: string;
  /** Bytes of all files together. */
  readonly size: number;
  readonly country: string;
  readonly status: string;
  readonly quorum: number;
  /** Digest of the version before, or null. */
  readonly previous: string | null;
}
