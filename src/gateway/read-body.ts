import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Problem } from '../kit/index.ts';
import type { Bounds } from './parts.ts';

/** Takes the whole body within the bounds. Nothing larger than the bound is ever held. */
export function readBody(request: IncomingMessage, bounds: Bounds): Promise<Buffer> {
  checkHeaders(request, bounds);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (problem: Problem | null) => {
      request.setTimeout(0);
      request.removeAllListeners('data');
      request.removeListener('end', onEnd);
      request.removeListener('close', onClose);
      if (problem) reject(problem);
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
    };
    const onEnd = () => end(null);
    const onClose = () =>
      end(new Problem('request-timeout', 'the connection closed before the whole body had arrived'));
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > bounds.bodyBytesMax) return end(tooLarge(bounds));
      chunks.push(chunk);
    });
    request.once('end', onEnd);
    request.once('close', onClose);
    // The socket's own idle timer: it counts from the last byte. What drips for ever meets the server's requestTimeout.
    request.setTimeout(bounds.bodyStallMs, () => end(stalled(bounds)));
  });
}

function checkHeaders(request: IncomingMessage, bounds: Bounds): void {
  const { headers } = request;
  const type = headers['content-type'];
  if (type === undefined || !/^application\/json\s*(;|$)/i.test(type)) {
    throw new Problem(
      'unsupported-media-type',
      `the body must be \`application/json\`, found \`${type ?? 'no content-type'}\``,
    );
  }
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') {
    throw new Problem(
      'unsupported-media-type',
      `the content coding \`${coding}\` is not taken; send the body as it is`,
    );
  }
  if (Number(headers['content-length'] ?? 0) > bounds.bodyBytesMax) throw tooLarge(bounds);
}

function tooLarge(bounds: Bounds): Problem {
  return new Problem('body-too-large', `the body is larger than ${bounds.bodyBytesMax} bytes; send less`);
}

function stalled(bounds: Bounds): Problem {
  return new Problem(
    'request-timeout',
    `no byte of the body arrived for ${bounds.bodyStallMs / 1000} s; send it whole`,
  );
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** One JSON document in UTF-8, no deeper than the bound. The depth is checked before anything is built. */
export function parseJson(bytes: Buffer, depthMax: number): unknown {
  if (bytes.length === 0) throw new Problem('malformed-json', 'the body is empty; send one JSON object');
  if (!isUtf8(bytes)) throw new Problem('malformed-json', 'the body is not UTF-8; encode it as UTF-8');
  if (isDeeper(bytes, depthMax))
    throw new Problem('malformed-json', `the JSON is nested deeper than ${depthMax} levels; send it flatter`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    // Without the cause: its message quotes the body, and causes go into the log.
    throw new Problem('malformed-json', `the body is not JSON: ${describe(cause as Error)}`);
  }
}

/** V8's message quotes the text around the fault; content stays out of problems and logs, so only the position is kept. */
function describe(error: Error): string {
  const at = /position (\d+)/.exec(error.message);
  return at ? `there is a fault at byte ${at[1]}` : 'it ends too early or has a fault; check it with a JSON tool';
}

function isDeeper(bytes: Buffer, depthMax: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
      if (at < 0) return false;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (++depth > depthMax) return true;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
  }
  return false;
}

/** The offset of the closing quote, found with the native search: strings are most of a body. */
function endOfString(bytes: Buffer, open: number): number {
  for (let at = bytes.indexOf(QUOTE, open + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}
