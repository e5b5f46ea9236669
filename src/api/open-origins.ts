import { pathOf } from './request-target.ts';

/** What a page of anybody's site may read, so that a browser elsewhere verifies: refusals too, and when to ask again. */
export const openToAll = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after, x-request-id',
} as const;

const openPaths = /^\/(?:log\/|v1\/receipts\/|api\/record(?:[/.]|$)|\.well-known\/polity$)/;

/** Whether an address belongs to the public side: logs, receipts, the record and the description. */
export function isOpenToAll(url: string): boolean {
  return openPaths.test(pathOf(url));
}
