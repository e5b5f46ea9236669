import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { sha256Hex } from '../kit/index.ts';

/** `pk_`, 43 characters of base 62 (256 bits), 6 characters of CRC-32 over them: a typo is told apart without a look-up. */
const PREFIX = 'pk_';
const BODY_LENGTH = 43;
const CHECK_LENGTH = 6;
const SHAPE = /^pk_[0-9A-Za-z]{49}$/;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The largest multiple of 62 in a byte: bytes above it would favour the first letters. */
const FAIR_BYTES = 248;

export function makeKeySecret(): string {
  let body = '';
  while (body.length < BODY_LENGTH) {
    for (const byte of randomBytes(64)) {
      if (byte < FAIR_BYTES && body.length < BODY_LENGTH) body += ALPHABET[byte % 62];
    }
  }
  return PREFIX + body + checkOf(body);
}

/** Whether a look-up is worth its hash: bounded work whatever was sent. */
export function couldBeKey(secret: string): boolean {
  return secret.length === PREFIX.length + BODY_LENGTH + CHECK_LENGTH && SHAPE.test(secret);
}

/** Bounded work whatever was sent: the shape has a fixed length. */
export function inspectKeySecret(secret: string): 'sound' | 'not-a-key' | 'mistyped' {
  if (!couldBeKey(secret)) return 'not-a-key';
  const body = secret.slice(PREFIX.length, PREFIX.length + BODY_LENGTH);
  return checkOf(body) === secret.slice(PREFIX.length + BODY_LENGTH) ? 'sound' : 'mistyped';
}

/**
 * What is stored. A plain digest is enough: 256 random bits cannot be guessed, and looking up a digest
 * tells an attacker who measures time nothing about the secret.
 */
export function hashSecret(secret: string): string {
  return sha256Hex(secret);
}

function checkOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECK_LENGTH; i++) {
    text = ALPHABET[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
