import type { PathParts } from '../parts.ts';
import type { Prepared } from '../steps/5-prepare-prompt.ts';
import { Attempts } from './attempts.ts';

/** The attempts of one prepared request. */
export function openAttempts(state: Prepared, parts: Pick<PathParts, 'traffic' | 'cut'>): Attempts {
  const { exchange, inForce, purpose, inquiry, routes } = state;
  const { response } = exchange;
  const conversation = exchange.request.headers['x-polity-conversation'];
  const journey = {
    routes,
    routing: inForce.charter.country.routing,
    session: inquiry.session ?? (typeof conversation === 'string' ? conversation : null),
    rank: exchange.rank ?? purpose.priority,
    hasLeft: () => response.destroyed || parts.cut.aborted,
    leaving: () => leavingOf(response, parts.cut),
  };
  return new Attempts(journey, parts.traffic);
}

function leavingOf(response: Prepared['exchange']['response'], cut: AbortSignal): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  response.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, cut]);
}
