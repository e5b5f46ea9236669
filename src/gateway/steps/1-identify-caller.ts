import type { Purpose } from '../../charter/schema.ts';
import type { Caller } from '../../identity/ports.ts';
import { Problem } from '../../kit/index.ts';
import type { Exchange } from '../exchange.ts';
import { type FoundCaller, findCaller, placeCaller } from '../find-caller.ts';
import type { CharterInForce, PathParts } from '../parts.ts';
import { advance, openState } from '../path-state.ts';

declare const identified: unique symbol;

export interface Identified {
  readonly [identified]: true;
  readonly exchange: Exchange;
  readonly inForce: CharterInForce;
  readonly caller: Caller;
  readonly purpose: Purpose;
}

/**
 * Step 1: from headers alone, before a body is buffered. Strangers cost a hash and a look-up, no more; a promise only of a key that
 * this process has not heard of yet.
 */
export function identifyCaller(
  exchange: Exchange,
  parts: Pick<PathParts, 'keys' | 'inForce' | 'isStopping'>,
): Identified | Promise<Identified> {
  if (parts.isStopping())
    throw new Problem('stopping', 'the process is stopping; send the request again', { retryAfterMs: 1000 });
  const { request, known } = exchange;
  const inForce = parts.inForce();
  const found =
    known === null
      ? findCaller(request.headers, { keys: parts.keys, inForce })
      : placeCaller({ key: known.caller.key, asked: known.purpose }, inForce);
  if (found instanceof Promise) return found.then((later) => identify(later, exchange, inForce));
  return identify(found, exchange, inForce);
}

function identify({ caller, purpose }: FoundCaller, exchange: Exchange, inForce: CharterInForce): Identified {
  const { known, event } = exchange;
  // A guest's id would let a log tell what one person asked.
  event.key = known?.isGuest === true ? 'guest' : caller.key.id;
  event.tenant = caller.tenant.id;
  event.charter = inForce.charter.digest;
  event.purpose = purpose.id;
  const next = advance<Identified>(openState());
  next.exchange = exchange;
  next.inForce = inForce;
  next.caller = caller;
  next.purpose = purpose;
  return next;
}
