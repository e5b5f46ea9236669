import { Problem } from '../kit/index.ts';
import { pathOf } from './request-target.ts';

const VERSION = '/v1';

/** An address that nobody serves. The commonest cause is a client's base address with `/v1` too few or too many. */
export function nothingAt(url: string, served: readonly string[]): Problem {
  const path = pathOf(url).slice(0, 200);
  const meant = findMeant(path, served);
  const hint = meant === null ? '' : `; if \`${meant}\` is meant, mend the base address of your client`;
  return new Problem('not-found', `there is nothing at \`${path}\`${hint}`);
}

function findMeant(path: string, served: readonly string[]): string | null {
  const plain = path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  if (served.includes(plain)) return plain;
  // Below `/v1` is an API of somebody else that ends alike, such as `/v1/threads/<id>/messages`.
  if (plain.startsWith(`${VERSION}/`) && !plain.startsWith(`${VERSION}${VERSION}/`)) return null;
  const alike = served.filter((endpoint) => plain.endsWith(endpoint.slice(VERSION.length)));
  return alike.reduce<string | null>((best, one) => (one.length > (best?.length ?? 0) ? one : best), null);
}
