import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../kit/index.ts';

/** `idempotency-key`: printable ASCII, as the header has it; null without one. @throws Problem `invalid-request` */
export function readRequestKey(headers: IncomingHttpHeaders): string | null {
  const text = headers['idempotency-key'];
  if (text === undefined) return null;
  if (typeof text === 'string' && /^[\x21-\x7e]{1,255}$/.test(text)) return text;
  throw new Problem('invalid-request', '`idempotency-key` is not valid: 1 to 255 printable characters', {
    param: 'idempotency-key',
  });
}
