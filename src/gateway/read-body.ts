import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Problem } from '../kit/index.ts';
import type { BodyHold } from './body-room.ts';
import type { Dialect } from './dialect.ts';
import { CRUMBLED, isCrumbled } from './is-crumbled.ts';
import type { Bounds } from './parts.ts';

export interface BodyBounds {
  readonly bounds: Bounds;
  /** Where what is held of it is counted. */
  readonly hold: Pick<BodyHold, 'take'>;
}

/** Takes the whole body within the bounds. Nothing larger than the bound is ever held. @throws Problem 400, 408, 413, 415 or 503 */
export function readBody(request: IncomingMessage, kind: Dialect['body'], within: BodyBounds): Promise<Buffer> {
  const { bounds } = within;
  const bytesMax = kind === 'json' ? bounds.bodyBytesMax : bounds.audioBytesMax;
  checkHeaders(request, kind, bytesMax);
  return takeBody(request, bytesMax, within);
}

/** What came together with its head is whole once the parser has gone on: no listener and no timer is needed for it. */
async function takeBody(request: IncomingMessage, bytesMax: number, within: BodyBounds): Promise<Buffer> {
  await null;
  const { readableLength } = request;
  if (readableLength > 0 && readableLength === Number(request.headers['content-length'])) {
    const body = request.read(readableLength) as Buffer | null;
    request.resume();
    if (body !== null) return body;
  }
  // Its key was looked up meanwhile: nothing tells it any more that the client has left.
  if (request.destroyed) throw brokenOff();
  return await gatherBody(request, bytesMax, within);
}

function gatherBody(request: IncomingMessage, bytesMax: number, { bounds, hold }: BodyBounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (problem: Problem | null) => {
      request.setTimeout(0);
      request.removeListener('data', onData);
      request.removeListener('end', onEnd);
      request.removeListener('close', onClose);
      if (problem) reject(problem);
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
    };
    const onEnd = () => end(null);
    const onClose = () => end(brokenOff());
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      const problem = length > bytesMax ? tooLarge(bytesMax) : hold.take(chunk.length, bounds.heldBytesMax);
      if (problem !== null) return end(problem);
      chunks.push(chunk);
      if (isCrumbled(chunks.length, length)) end(new Problem('invalid-request', CRUMBLED));
    };
    request.on('data', onData);
    request.once('end', onEnd);
    request.once('close', onClose);
    // The socket's own idle timer: it counts from the last byte. What drips for ever meets the server's requestTimeout.
    request.setTimeout(bounds.bodyStallMs, () => end(stalled(bounds)));
  });
}

const mediaTypes = {
  json: { name: 'application/json', pattern: /^application\/json\s*(;|$)/i },
  form: { name: 'multipart/form-data', pattern: /^multipart\/form-data\s*;/i },
} as const;

function checkHeaders({ headers }: IncomingMessage, kind: Dialect['body'], bytesMax: number): void {
  const type = headers['content-type'];
  const { name, pattern } = mediaTypes[kind];
  if (type === undefined || !pattern.test(type)) {
    throw new Problem('unsupported-media-type', `the body must be \`${name}\`, found \`${type ?? 'no content-type'}\``);
  }
  checkCoding(headers);
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
}

/** @throws Problem 415 for what is packed: it is read as it comes */
export function checkCoding(headers: IncomingHttpHeaders): void {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding === 'identity') return;
  const detail = `the content coding \`${coding}\` is not taken; send the body as it is`;
  throw new Problem('unsupported-media-type', detail);
}

function tooLarge(bytesMax: number): Problem {
  return new Problem('body-too-large', `the body is larger than ${bytesMax} bytes; send less`);
}

function brokenOff(): Problem {
  return new Problem('request-timeout', 'the connection closed before the whole body had arrived');
}

function stalled(bounds: Bounds): Problem {
  return new Problem(
    'request-timeout',
    `no byte of the body arrived for ${bounds.bodyStallMs / 1000} s; send it whole`,
  );
}
