import { randomBytes } from 'node:crypto';

/** Ids and salts are made in the domain and stored as given; tests pass their own source. */
export interface Ids {
  /** 128 random bits as 32 lower-case hexadecimal digits. A receipt id is a capability: never derived, never short. */
  receiptId(): string;
  /** 32 random bytes. */
  salt(): Uint8Array;
}

/** One system call for many ids: `randomBytes` costs about a microsecond a call, slices of a pool do not. */
const POOL_BYTES = 8192;

function pooledRandom(): (length: number) => Buffer {
  let pool = Buffer.alloc(0);
  let at = 0;
  return (length) => {
    if (at + length > pool.length) {
      pool = randomBytes(POOL_BYTES);
      at = 0;
    }
    at += length;
    return pool.subarray(at - length, at);
  };
}

export function randomIds(): Ids {
  const take = pooledRandom();
  return {
    receiptId: () => take(16).toString('hex'),
    salt: () => take(32),
  };
}
