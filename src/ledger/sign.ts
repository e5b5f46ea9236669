/** Ed25519 with node:crypto: log keys sign notes, receipt keys sign envelopes. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { sha256, toHex, utf8 } from '../kit/index.ts';
import { ED25519, formatSignatureLine, formatVerifierKey, keyIdInput } from './note.ts';

/** DER prefixes of RFC 8410: PKCS #8 before a seed, SPKI before a public key. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_BYTES = 12;

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array;
}

/** A new seed of 32 random bytes: what a key file holds. */
export function newSeed(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ed25519');
  return Uint8Array.from(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_PREFIX.length));
}

export function signingKey(seed: Uint8Array): SigningKey {
  if (seed.length !== 32) throw new Error('an Ed25519 seed has 32 bytes');
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, publicKey: Uint8Array.from(spki.subarray(SPKI_BYTES)) };
}

function keyId(name: string, type: number, publicKey: Uint8Array): string {
  return toHex(sha256(keyIdInput(name, type, publicKey)).slice(0, 4));
}

export function verifierKey(name: string, key: SigningKey): string {
  const { publicKey } = key;
  return formatVerifierKey({ name, keyId: keyId(name, ED25519, publicKey), type: ED25519, publicKey });
}

/** The text, a blank line and our signature line. The text must end in a newline. */
export function signNote(text: string, name: string, key: SigningKey): string {
  if (!text.endsWith('\n')) throw new Error('a note ends in a newline');
  const signature = sign(null, utf8(text), key.privateKey);
  return `${text}\n${formatSignatureLine({ name, keyId: keyId(name, ED25519, key.publicKey), signature })}`;
}

/** Id of a receipt key: the first 16 bytes of the hash of its raw public key, hexadecimal. */
export function receiptKeyId(publicKey: Uint8Array): string {
  return toHex(sha256(publicKey).slice(0, 16));
}

/** What DSSE signs: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function preAuthentication(payloadType: string, payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  const headBytes = Buffer.byteLength(head);
  const bytes = Buffer.allocUnsafe(headBytes + payload.length);
  bytes.write(head);
  bytes.set(payload, headBytes);
  return bytes;
}

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
