/** Hash and signature through WebCrypto: the same in a browser and in Node. A faster hash may be handed in. */
import { concat, toHex } from '../../kit/browser.ts';
import { keyIdInput, type VerifierKey } from '../note.ts';

export type Sha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export const webSha256: Sha256 = async (bytes) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));

/** Order of the group, little endian: RFC 8032 section 5.1. A signature's S must be below it. */
const GROUP_ORDER = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;
const FIELD_PRIME = 2n ** 255n - 19n;
/** y coordinates of the points of small order, and 0 and 1: keys with them verify what nobody signed. */
const SMALL_ORDER = new Set<bigint>([
  0n,
  1n,
  FIELD_PRIME - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n,
]);

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.slice().reverse())}`);
}

/** One rule for every implementation: canonical S, canonical A that is not of small order. */
function isStrict(publicKey: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  if (littleEndian(signature.slice(32)) >= GROUP_ORDER) return false;
  const y = littleEndian(publicKey) & ((1n << 255n) - 1n);
  return y < FIELD_PRIME && !SMALL_ORDER.has(y);
}

/** @throws what `isUnsupported` knows, on a platform without Ed25519: then nothing can be said about any signature. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (!isStrict(publicKey, signature)) return false;
  type Plain = Uint8Array<ArrayBuffer>;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey as Plain, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature as Plain, message as Plain);
  } catch (cause) {
    if (isUnsupported(cause)) throw cause;
    return false;
  }
}

/** The platform cannot check Ed25519: never to be told as a signature that fails. */
export function isUnsupported(cause: unknown): boolean {
  return (cause as Error).name === 'NotSupportedError';
}

/** Whether a key's id is the one that its name, type and bytes give. */
export async function hasOwnId(key: VerifierKey, sha256: Sha256): Promise<boolean> {
  const digest = await sha256(keyIdInput(key.name, key.type, key.publicKey));
  return toHex(digest.slice(0, 4)) === key.keyId;
}

export function hashLeaf(entry: Uint8Array, sha256: Sha256): Uint8Array | Promise<Uint8Array> {
  return sha256(concat(Uint8Array.of(0), entry));
}

export function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array | Promise<Uint8Array> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** Hashes that come at once are not made to wait in a queue of a promise each. */
export async function allHashes(hashes: (Uint8Array | Promise<Uint8Array>)[]): Promise<Uint8Array[]> {
  return hashes.some((hash) => hash instanceof Promise) ? await Promise.all(hashes) : (hashes as Uint8Array[]);
}
