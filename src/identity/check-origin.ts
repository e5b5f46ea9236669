import { Problem } from '../kit/index.ts';

export interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly 'content-type'?: string | undefined;
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * For methods that change something under a session: the page that sends them must be ours, and the body must be JSON,
 * which no form of a foreign page can send. @throws Problem `forbidden` or `unsupported-media-type`
 */
export function checkOrigin(headers: OriginHeaders, publicUrl: string): void {
  if (headers.origin === undefined || !isOwnOrigin(headers.origin, publicUrl)) {
    const own = new URL(publicUrl).origin;
    throw new Problem(
      'forbidden',
      `requests that change something must come from a page of \`${own}\`; set \`PUBLIC_URL\``,
    );
  }
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new Problem('unsupported-media-type', 'send `content-type: application/json`');
  }
}

/** A loopback address has three names; somebody who opens one of them is still at home. */
function isOwnOrigin(origin: string, publicUrl: string): boolean {
  const own = new URL(publicUrl);
  if (origin === own.origin) return true;
  const asked = URL.parse(origin);
  if (asked === null || asked.origin !== origin) return false;
  return (
    loopbackHosts.has(own.hostname) &&
    loopbackHosts.has(asked.hostname) &&
    asked.protocol === own.protocol &&
    asked.port === own.port
  );
}
