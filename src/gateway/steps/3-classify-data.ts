import { Problem } from '../../kit/index.ts';
import { join } from '../../policy/index.ts';
import type { Classification } from '../../policy/schema.ts';
import { detect, detectInTurns, isLong } from '../../safety/index.ts';
import type { CharterInForce } from '../parts.ts';
import { advance } from '../path-state.ts';
import type { Identified } from './1-identify-caller.ts';
import type { Read } from './2-read-request.ts';

declare const classified: unique symbol;

export interface Classified extends Read {
  readonly [classified]: true;
  readonly classification: Classification;
}

/**
 * Step 3: what the caller declares, joined upwards with what detectors find. Detectors never lower a class.
 * Declared is the header, else the key's default, else the highest that the tenant handles. A promise only where texts are so
 * long that others would wait for their reading.
 */
export function classifyData(state: Read): Classified | Promise<Classified> {
  const { inForce, inquiry } = state;
  let classification = declaredClass(state);
  if (inquiry.earlierClasses !== undefined)
    for (const kept of inquiry.earlierClasses) classification = join(classification, earlierOf(kept, state));
  const texts = inquiry.texts.reveal();
  if (isLong(texts))
    return detectInTurns(texts).then((found) => classify(state, withCaveats(classification, found, inForce)));
  for (const text of texts) classification = withCaveats(classification, detect(text).caveats, inForce);
  return classify(state, classification);
}

function withCaveats(to: Classification, caveats: readonly string[], { lattice }: CharterInForce): Classification {
  const found = caveats.filter((caveat) => lattice.caveats.includes(caveat));
  return found.length > 0 ? join(to, { level: 0, caveats: found }) : to;
}

function classify(state: Read, classification: Classification): Classified {
  const { exchange, inForce } = state;
  exchange.event.classification = inForce.lattice.format(classification);
  const next = advance<Classified>(state);
  next.classification = classification;
  return next;
}

/** What was said before keeps its class, whatever the new request declares. A class that the charter no longer knows is the tenant's highest. */
function earlierOf(kept: string, { inForce, caller }: Identified): Classification {
  const parsed = inForce.lattice.parse(kept);
  return parsed.kind === 'parsed' ? parsed.classification : inForce.lattice.of(caller.tenant.clearance);
}

function declaredClass({ exchange, inForce, caller }: Identified): Classification {
  const { lattice } = inForce;
  const header = exchange.request.headers['x-polity-classification'];
  if (header !== undefined) {
    const parsed = lattice.parse(String(header));
    if (parsed.kind === 'parsed') return parsed.classification;
    throw new Problem('invalid-request', parsed.detail, { param: 'x-polity-classification' });
  }
  const { defaultLevel } = caller.key;
  return (defaultLevel === null ? null : lattice.ofLevel(defaultLevel)) ?? lattice.of(caller.tenant.clearance);
}
