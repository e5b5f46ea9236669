import type { Purpose } from '../../charter/schema.ts';
import type { Caller } from '../../identity/ports.ts';
import { Problem } from '../../kit/index.ts';
import type { Exchange } from '../exchange.ts';
import { findKey } from '../find-key.ts';
import type { CharterInForce, PathParts } from '../parts.ts';

declare const identified: unique symbol;

export interface Identified {
  readonly [identified]: true;
  readonly exchange: Exchange;
  readonly inForce: CharterInForce;
  readonly caller: Caller;
  readonly purpose: Purpose;
}

/** Step 1: from headers alone, before a body is buffered. Strangers cost a hash and a look-up, no more. */
export function identifyCaller(
  exchange: Exchange,
  parts: Pick<PathParts, 'keys' | 'inForce' | 'isStopping'>,
): Identified {
  if (parts.isStopping())
    throw new Problem('stopping', 'the process is stopping; send the request again', { retryAfterMs: 1000 });
  const { request, known } = exchange;
  const key = known === null ? findKey(request.headers, parts.keys) : known.caller.key;
  const inForce = parts.inForce();
  const tenant = inForce.tenants.get(key.tenant);
  if (tenant === undefined) {
    throw new Problem(
      'invalid-key',
      `the tenant \`${key.tenant}\` of this key is not in the adopted charter; ask an administrator`,
    );
  }
  // A guest's id would let a log tell what one person asked.
  exchange.event.key = known === null ? key.id : 'guest';
  exchange.event.tenant = tenant.id;
  exchange.event.charter = inForce.charter.digest;
  const asked = known === null ? request.headers['x-polity-purpose'] : known.purpose;
  const purpose = choosePurpose({ allowed: key.purposes, asked }, inForce);
  exchange.event.purpose = purpose.id;
  return { exchange, inForce, caller: { key, tenant }, purpose } as Identified;
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
