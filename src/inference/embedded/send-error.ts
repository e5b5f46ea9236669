import type { ServerResponse } from 'node:http';

export interface ModelError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly param?: string | null;
  readonly retryAfterSeconds?: number;
}

/** OpenAI's error body: the gateway reads it like any upstream's. */
export function sendError(response: ServerResponse, error: ModelError): void {
  const { status, code, message, param = null } = error;
  if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(error.retryAfterSeconds));
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  sendJson(response, status, { error: { message, type, param, code } });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
