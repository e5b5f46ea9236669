import type { IncomingHttpHeaders } from 'node:http';
import type { Purpose } from '../charter/schema.ts';
import type { Caller, KeyRing } from '../identity/ports.ts';
import { Problem } from '../kit/index.ts';
import { findKey } from './find-key.ts';
import type { CharterInForce } from './parts.ts';

export interface FoundCaller {
  readonly caller: Caller;
  readonly purpose: Purpose;
}

/** Whose key it is and what for, from headers alone. @throws Problem 401 or 403 */
export function findCaller(
  headers: IncomingHttpHeaders,
  { keys, inForce }: { readonly keys: KeyRing; readonly inForce: CharterInForce },
): FoundCaller | Promise<FoundCaller> {
  const asked = headers['x-polity-purpose'];
  const key = findKey(headers, keys);
  return key instanceof Promise
    ? key.then((known) => placeCaller({ key: known, asked }, inForce))
    : placeCaller({ key, asked }, inForce);
}

/** A key's tenant and purpose in this charter. */
export function placeCaller(wish: { key: Caller['key']; asked: unknown }, inForce: CharterInForce): FoundCaller {
  const { key, asked } = wish;
  const tenant = inForce.tenants.get(key.tenant);
  if (tenant === undefined) {
    throw new Problem(
      'invalid-key',
      `the tenant \`${key.tenant}\` of this key is not in the adopted charter; ask an administrator`,
    );
  }
  return { caller: { key, tenant }, purpose: choosePurpose({ allowed: key.purposes, asked }, inForce) };
}

function choosePurpose(wish: { allowed: readonly string[]; asked: unknown }, inForce: CharterInForce): Purpose {
  const asked = wish.asked ?? wish.allowed[0];
  const purpose = typeof asked === 'string' && wish.allowed.includes(asked) ? inForce.purposes.get(asked) : undefined;
  if (purpose !== undefined) return purpose;
  const known = wish.allowed.map((id) => `\`${id}\``).join(', ');
  throw new Problem(
    'purpose-not-allowed',
    `the purpose \`${String(asked)}\` is not one of this key's: ${known || 'it has none'}`,
  );
}
