import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect } from '../gateway/index.ts';

const SLASH = 47;

/** A client may name scheme and host as a proxy is asked; the rest of the address is what counts (RFC 9112, 3.2.2). */
export function toOriginForm(target: string): string {
  if (target.charCodeAt(0) === SLASH) return target;
  const [whole] = /^https?:\/\/[^/?#]*/i.exec(target) ?? [];
  if (whole === undefined) return target;
  const rest = target.slice(whole.length);
  return rest.charCodeAt(0) === SLASH ? rest : `/${rest}`;
}

/** Without the query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

interface Asked {
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Whose clients ask, and so whose errors they read: Anthropic's name the version of their API, wherever they ask. */
export function familyOf({ url = '/', headers }: Asked): Dialect['family'] {
  const isAnthropic = headers['anthropic-version'] !== undefined || /^\/v1\/messages(\/|$)/.test(pathOf(url));
  return isAnthropic ? 'anthropic' : 'openai';
}
