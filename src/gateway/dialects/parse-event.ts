import { Problem } from '../../kit/index.ts';
import { isObject } from '../wire/is-object.ts';
import type { SseFrame } from './sse-splitter.ts';

export type SaidEvent = Readonly<Record<string, unknown>>;

/** The object in an event; null when it says that something went wrong, by whichever of the ways that upstreams have. @throws Problem `upstream-failed` */
export function parseEvent({ event, data }: Pick<SseFrame, 'event' | 'data'>): SaidEvent | null {
  if (event === 'error') return null;
  const said = parseObject(data);
  return said.error || said.object === 'error' || said.type === 'error' ? null : said;
}

function parseObject(data: string): SaidEvent {
  try {
    const said: unknown = JSON.parse(data);
    if (isObject(said)) return said;
  } catch {
    // Falls through: whatever it is, it is no event.
  }
  throw noPart();
}

export function noPart(): Problem {
  return new Problem('upstream-failed', 'the model sent something that is no part of an answer');
}
