import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** First byte of everything sealed, so that another format can follow. */
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Which cell the bytes belong to. Sealed bytes that are moved to another row or column do not open. */
export interface Place {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

/** AES-256-GCM: format byte, nonce of 12 random bytes, ciphertext, tag of 16 bytes. */
export function seal(plain: Uint8Array, key: Uint8Array, place: Place): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(nameOf(place));
  return Buffer.concat([Uint8Array.of(FORMAT), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when the bytes were changed, moved or sealed under another key */
export function unseal(sealed: Uint8Array, key: Uint8Array, place: Place): Uint8Array {
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== FORMAT)
    throw new Error('not sealed by this service');
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(nameOf(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const body = sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

/** Table and column names have no line break, so no two places share a name. */
function nameOf({ table, row, column }: Place): Uint8Array {
  return Buffer.from(`polity-seal-v1\n${table}\n${column}\n${row}`, 'utf8');
}
