import { createHmac, randomBytes } from 'node:crypto';
import { toHex } from './bytes.ts';
import { sha256Hex } from './digest.ts';
import { type Place, seal, unseal } from './seal.ts';

/** The key-encryption key of the installation, from the key folder. */
export interface WrappingKey {
  /** Says which one wrapped a key, without saying the key. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface WrappedKey {
  readonly wrappedKey: Uint8Array;
  /** Id of the key that wraps it. */
  readonly kek: string;
}

const KEY_BYTES = 32;

export function wrappingKey(bytes: Uint8Array): WrappingKey {
  if (bytes.length !== KEY_BYTES) throw new Error(`a key-encryption key has ${KEY_BYTES} bytes, not ${bytes.length}`);
  return { id: sha256Hex(`polity-kek-v1\n${toHex(bytes)}`).slice(0, 16), bytes };
}

/** A fresh key for one subject or one case, and how it is stored. Destroying what is stored destroys the content. */
export function makeDataKey(kek: WrappingKey, table: string, row: string): WrappedKey & { readonly key: Uint8Array } {
  const key = randomBytes(KEY_BYTES);
  return { key, wrappedKey: seal(key, kek.bytes, keyPlace(table, row)), kek: kek.id };
}

/** @throws Error when it was wrapped by another key-encryption key, or moved from another row */
export function unwrapDataKey(stored: WrappedKey, kek: WrappingKey, row: { table: string; id: string }): Uint8Array {
  if (stored.kek !== kek.id) {
    throw new Error(`the key of a subject is wrapped by ${stored.kek}, but the key folder has ${kek.id}; restore it`);
  }
  return unseal(stored.wrappedKey, kek.bytes, keyPlace(row.table, row.id));
}

/** A digest that only the holder of the key can make: equal texts show as equal to the subject alone. */
export function keyedDigest(text: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

function keyPlace(table: string, row: string): Place {
  return { table, row, column: 'wrapped_key' };
}
