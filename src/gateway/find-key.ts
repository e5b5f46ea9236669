import type { IncomingHttpHeaders } from 'node:http';
import { inspectKeySecret } from '../identity/index.ts';
import type { ApiKey, KeyRing } from '../identity/ports.ts';
import { Problem } from '../kit/index.ts';

/** Told apart by the check characters alone: nobody learns from it whether a key exists. */
const faults = {
  'not-a-key': 'this is no key of this service: they begin with `pk_` and have 52 characters; check for missing ones',
  mistyped: 'the API key was mistyped: its last characters do not fit the others; copy it again',
  sound: 'the API key is unknown, revoked or expired',
};

/**
 * The key that a request presents, as OpenAI's clients send it or as Anthropic's do; a promise only of one that must be looked up.
 * @throws Problem `missing-key` or `invalid-key`
 */
export function findKey(headers: IncomingHttpHeaders, keys: KeyRing): ApiKey | Promise<ApiKey> {
  const { authorization: header } = headers;
  const alone = headers['x-api-key'];
  if (header === undefined && alone === undefined)
    throw new Problem('missing-key', 'send the header `Authorization: Bearer <key>` or `x-api-key: <key>`');
  const secret = header === undefined ? String(alone) : /^bearer +(\S+)$/i.exec(header)?.[1];
  if (secret === undefined) throw new Problem('invalid-key', 'the header `Authorization` must read `Bearer <key>`');
  const key = keys.find(secret);
  if (key !== null) return key;
  const shape = inspectKeySecret(secret);
  if (shape === 'sound') return lookUp(secret, keys);
  throw new Problem('invalid-key', faults[shape]);
}

async function lookUp(secret: string, keys: KeyRing): Promise<ApiKey> {
  const made = await keys.lookUp(secret);
  if (made === null) throw new Problem('invalid-key', faults.sound);
  return made;
}
