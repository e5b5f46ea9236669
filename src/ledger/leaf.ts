/** Leaves: what an entry of each log is, byte for byte. docs/spec/ledger.md */
import { canonicalJson, concat, sha256, sha256Hex, utf8 } from '../kit/index.ts';
import type { GovernanceRecord } from './ports.ts';

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
  if (salt.length !== 32) throw new RangeError('a salt has 32 bytes');
  return concat(domain, sha256(concat(domain, salt, sha256(payload))));
}

/** A salted commitment to bytes whose SHA-256 is known, hexadecimal: SHA-256(`polity-commit-v1\n` ‖ salt ‖ digest). */
export function commitTo(digest: Uint8Array, salt: Uint8Array): string {
  if (salt.length !== 32) throw new RangeError('a salt has 32 bytes');
  return sha256Hex(concat(COMMIT, salt, digest));
}

/** Canonical JSON, at most 16 KiB. */
export function governanceLeaf(record: GovernanceRecord): Uint8Array {
  const leaf = utf8(canonicalJson(record));
  if (leaf.length > MAX_GOVERNANCE_BYTES)
    throw new RangeError(`a governance record has ${leaf.length} bytes, more than ${MAX_GOVERNANCE_BYTES}`);
  return leaf;
}
