/** Leaves: what an entry of each log is, byte for byte. docs/spec/ledger.md */
import { hash } from 'node:crypto';
import { canonicalJson, sha256Hex, utf8 } from '../kit/index.ts';
import type { GovernanceRecord } from './ports.ts';
import { HASH_BYTES } from './tree.ts';

const DECISION = utf8('polity-decision-v1\n');
const ACCESS = utf8('polity-access-v1\n');
const COMMIT = utf8('polity-commit-v1\n');
/** A governance record larger than this belongs into a document that the record names by digest. */
const MAX_GOVERNANCE_BYTES = 16_384;

/** 51 bytes: domain, then SHA-256(domain ‖ salt ‖ SHA-256(payload)). */
export function decisionLeaf(salt: Uint8Array, payload: Uint8Array): Uint8Array {
  return commitmentLeaf(DECISION, salt, payload);
}

export function accessLeaf(salt: Uint8Array, payload: Uint8Array): Uint8Array {
  return commitmentLeaf(ACCESS, salt, payload);
}

function commitmentLeaf(domain: Uint8Array, salt: Uint8Array, payload: Uint8Array): Uint8Array {
  const leaf = Buffer.allocUnsafe(domain.length + HASH_BYTES);
  leaf.set(domain);
  leaf.write(hash('sha256', salted(domain, salt, sha256Hex(payload)), 'binary'), domain.length, 'latin1');
  return leaf;
}

/** A salted commitment to bytes whose SHA-256 is known; both hexadecimal: SHA-256(`polity-commit-v1\n` ‖ salt ‖ digest). */
export function commitTo(digest: string, salt: Uint8Array): string {
  return sha256Hex(salted(COMMIT, salt, digest));
}

/** From the pool of small buffers: three of these are made for each decision. */
function salted(domain: Uint8Array, salt: Uint8Array, digest: string): Uint8Array {
  if (salt.length !== HASH_BYTES) throw new RangeError('a salt has 32 bytes');
  const input = Buffer.allocUnsafe(domain.length + 2 * HASH_BYTES);
  input.set(domain);
  input.set(salt, domain.length);
  if (input.write(digest, domain.length + HASH_BYTES, 'hex') !== HASH_BYTES)
    throw new RangeError('a SHA-256 has 64 hexadecimal digits');
  return input;
}

/** Canonical JSON, at most 16 KiB. */
export function governanceLeaf(record: GovernanceRecord): Uint8Array {
  const leaf = utf8(canonicalJson(record));
  if (leaf.length > MAX_GOVERNANCE_BYTES)
    throw new RangeError(`a governance record has ${leaf.length} bytes, more than ${MAX_GOVERNANCE_BYTES}`);
  return leaf;
}
