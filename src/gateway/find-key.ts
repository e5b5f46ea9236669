import type { ApiKey, KeyRing } from '../identity/ports.ts';
import { Problem } from '../kit/index.ts';

/** The key that an `Authorization` header presents. @throws Problem `missing-key` or `invalid-key` */
export function findKey(header: string | undefined, keys: KeyRing): ApiKey {
  if (header === undefined) throw new Problem('missing-key', 'send the header `Authorization: Bearer <key>`');
  const secret = /^bearer +(\S+)$/i.exec(header)?.[1];
  if (secret === undefined) throw new Problem('invalid-key', 'the header `Authorization` must read `Bearer <key>`');
  const key = keys.find(secret);
  if (key !== null) return key;
  throw new Problem('invalid-key', 'the API key is unknown, revoked or expired; check it for missing characters');
}
