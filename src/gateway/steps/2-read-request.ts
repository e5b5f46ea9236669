import { Problem } from '../../kit/index.ts';
import type { Inquiry, Shelf } from '../dialect.ts';
import type { PathParts } from '../parts.ts';
import { advance } from '../path-state.ts';
import type { Identified } from './1-identify-caller.ts';

/** What the caller's tenant keeps for this purpose. */
function shelfOf({ caller, purpose }: Identified, responses: PathParts['responses']): Shelf | null {
  if (responses === null) return null;
  const owner = { tenant: caller.tenant.id, purpose };
  return {
    keeps: purpose.retentionDays > 0,
    load: (id) => responses.resume(owner, id),
    keep: (kept) => responses.keep(owner, kept),
  };
}

declare const read: unique symbol;

export interface Read extends Identified {
  readonly [read]: true;
  readonly inquiry: Inquiry;
  /** The exact bytes that the client sent: what the receipt commits to. */
  readonly requestBytes: Uint8Array;
}

/** Step 2: the body, bounded in size, time and depth, as the dialect understands it. */
export async function readRequest(state: Identified, parts: Pick<PathParts, 'clock' | 'responses'>): Promise<Read> {
  const { exchange, inForce, caller } = state;
  const { bounds } = inForce.charter.country;
  const requestBytes = await exchange.request.readBody(exchange.dialect.body, bounds, caller.key.id);
  const contentType = exchange.request.headers['content-type'] ?? '';
  const parsed = exchange.dialect.parse({
    bytes: requestBytes,
    contentType,
    jsonDepthMax: bounds.jsonDepthMax,
    wallMs: parts.clock.wallMs(),
    shelf: shelfOf(state, parts.responses),
  });
  const inquiry = parsed instanceof Promise ? await parsed : parsed;
  exchange.event.bodyBytes = requestBytes.length;
  exchange.event.readMs = parts.clock.monotonicMs() - exchange.startedMs;
  exchange.event.stream = inquiry.stream;
  if (inquiry.requestedModel !== 'auto' && !inForce.models.has(inquiry.requestedModel)) {
    throw new Problem(
      'unknown-model',
      `the charter names no model \`${inquiry.requestedModel}\`; \`GET /v1/models\` lists them`,
      {
        param: 'model',
      },
    );
  }
  // What the charter does not name is the caller's own words, which no log gets.
  exchange.event.requestedModel = inquiry.requestedModel;
  const next = advance<Read>(state);
  next.inquiry = inquiry;
  next.requestBytes = requestBytes;
  return next;
}
