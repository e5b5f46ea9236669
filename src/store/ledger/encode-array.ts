/**
 * Arrays of bytes in PostgreSQL's binary format, which the driver sends as they are: no hexadecimal, no escaping.
 * Format: array_recv in src/backend/utils/adt/arrayfuncs.c (dimensions, has-null flag, element type, length, lower bound, elements).
 */
const BYTEA_OID = 17;
const HEADER_BYTES = 20;

export function encodeByteaArray(items: readonly Uint8Array[]): Buffer {
  let bytes = 0;
  for (const item of items) bytes += item.length;
  const buffer = Buffer.allocUnsafe(items.length === 0 ? 12 : HEADER_BYTES + 4 * items.length + bytes);
  buffer.writeInt32BE(items.length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(BYTEA_OID, 8);
  if (items.length === 0) return buffer;
  buffer.writeInt32BE(items.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  for (const item of items) {
    buffer.writeInt32BE(item.length, at);
    buffer.set(item, at + 4);
    at += 4 + item.length;
  }
  return buffer;
}

/** Receipt ids: 32 hexadecimal digits each. */
export function encodeIdArray(ids: readonly string[]): Buffer {
  return encodeByteaArray(ids.map((id) => Buffer.from(id, 'hex')));
}
