import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import type { TestContext } from 'node:test';
import { openUpstream, type UpstreamOptions } from '../src/inference/open-upstream.ts';
import type { ModelFailure, ModelPort, ModelStart, RunningCall } from '../src/inference/ports.ts';

export async function listen(t: TestContext, server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

export function answering(t: TestContext, listener: RequestListener): Promise<string> {
  return listen(t, createHttpServer(listener));
}

/** Speaks raw bytes, HTTP or not, once a request has come. */
export function speaking(t: TestContext, speak: (socket: Socket) => void): Promise<string> {
  return listen(
    t,
    createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => speak(socket));
    }),
  );
}

export function openPort(t: TestContext, baseUrl: string, more: Partial<UpstreamOptions> = {}): ModelPort {
  const port = openUpstream({ baseUrl, connections: 2, allowPrivateAddress: true, silenceMs: 5_000, ...more });
  t.after(() => port.close());
  return port;
}

interface Seen {
  start: ModelStart | null;
  text: string;
  ended: boolean;
  failure: ModelFailure | null;
}

export interface Watch {
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
  onCall?(call: RunningCall): void;
  onText?(text: string, call: RunningCall): void;
}

/** Runs one call to its end and gives all its events. */
export function runCall(
  port: ModelPort,
  { path, body, headers, deadlineMs = 20_000, onCall, onText }: Watch = {},
): Promise<Seen> {
  const seen: Seen = { start: null, text: '', ended: false, failure: null };
  return new Promise((resolve) => {
    const call = port.call(
      {
        path: path ?? '/chat/completions',
        body: Buffer.from(JSON.stringify(body ?? { a: 1 })),
        deadlineMs,
        traceparent: '00-aa-bb-01',
        ...(headers === undefined ? {} : { headers }),
      },
      {
        onStart: (start) => {
          assert.equal(seen.start, null, 'one start');
          seen.start = start;
        },
        onData: (chunk) => {
          seen.text += Buffer.from(chunk).toString();
          onText?.(seen.text, call);
        },
        onEnd: () => {
          seen.ended = true;
          resolve(seen);
        },
        onFailure: (failure) => {
          seen.failure = failure;
          resolve(seen);
        },
      },
    );
    onCall?.(call);
  });
}

export async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
