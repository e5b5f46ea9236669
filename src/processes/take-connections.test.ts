import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createDoor, type Socket } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { freePort } from '../../test/start-polity.ts';
import { Connections } from './take-connections.ts';
import type { FromGateway } from './worker-messages.ts';

let http: Server;
let door: ReturnType<typeof createDoor>;
let connections: Connections;
let port: number;
const told: FromGateway[] = [];
/** More than the system keeps for a reader. */
const MUCH = Buffer.alloc(40_000_000, 'x');
/** Ends the answers that wait. */
let finish = Promise.withResolvers<void>();

beforeEach(async () => {
  told.length = 0;
  finish = Promise.withResolvers<void>();
  const bounds = { headersTimeout: 300, connectionsCheckingInterval: 50, keepAliveTimeout: 60_000 };
  http = createServer(bounds, async (request, response) => {
    if (request.url === '/wait') await finish.promise;
    response.end(request.url === '/much' ? MUCH : 'said');
  });
  connections = new Connections(http, (message) => told.push(message), 300);
  port = await freePort();
  let id = 0;
  door = createDoor((connection) => {
    id += 1;
    connections.take(id, connection);
  });
  await new Promise<void>((resolve) => door.listen(port, '127.0.0.1', resolve));
});
afterEach(() => {
  connections.closeAll();
  door.close();
});

interface Client {
  readonly socket: Socket;
  ask(path: string): void;
  heard(): string;
  /** Until it has heard that. */
  hears(text: string): Promise<void>;
}

async function open(): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  return {
    socket,
    ask: (path) => void socket.write(`GET ${path} HTTP/1.1\r\nhost: polity\r\n\r\n`),
    heard: () => heard,
    async hears(text) {
      while (!heard.includes(text)) await once(socket, 'data');
      heard = '';
    },
  };
}

test('a connection that drips its headers is ended, as on a server that listens', async () => {
  const client = await open();
  client.socket.write('GET / HTTP/1.1\r\nhost: po');
  await once(client.socket, 'close');
  assert.match(client.heard(), /^HTTP\/1\.1 408 /);
});

test('while it drains, a request on an idle connection is answered, and told that it was the last', async () => {
  const client = await open();
  client.ask('/');
  await client.hears('said');
  const drained = connections.drain(60_000);
  client.ask('/');
  await client.hears('connection: close');
  await drained;
});

test('an answer that has begun to wait before the drain ends whole, and the connection with it', async () => {
  const client = await open();
  client.ask('/wait');
  await once(http, 'request');
  const drained = connections.drain(50);
  await new Promise((resolve) => setTimeout(resolve, 200));
  finish.resolve();
  await client.hears('said');
  await drained;
});

test('a reader that takes nothing of a whole answer is let go', async () => {
  const client = await open();
  client.socket.pause();
  client.ask('/much');
  const [, response] = await once(http, 'request');
  await once(response, 'close');
  assert.equal(response.writableFinished, false);
});

test('a reader that takes an answer slowly gets all of it, and who waits for one is left alone', async () => {
  const [slow, waiting] = [await open(), await open()];
  waiting.ask('/wait');
  slow.ask('/much');
  let heardBytes = 0;
  slow.socket.setEncoding('latin1').on('data', (text: string) => {
    heardBytes += text.length;
    slow.socket.pause();
    setTimeout(() => slow.socket.resume(), 2);
  });
  while (heardBytes < MUCH.length) await once(slow.socket, 'data');
  finish.resolve();
  await waiting.hears('said');
});

test('idle connections end after a while when nothing comes', async () => {
  const client = await open();
  client.ask('/');
  await client.hears('said');
  await connections.drain(50);
  assert.equal(client.heard(), '');
});

test('each connection is told of when it is taken and when it has ended', async () => {
  const clients = [await open(), await open()];
  for (const { socket } of clients) socket.destroy();
  const ended = () => told.reduce((sum, message) => sum + (message.type === 'closed' ? message.count : 0), 0);
  while (ended() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(told.filter(({ type }) => type === 'took').length, 2);
});

test('what is handed to a process that is over is not taken, while what it has is answered to the end', async () => {
  const client = await open();
  client.ask('/');
  await client.hears('said');
  connections.refuse();
  const late = await open();
  await once(late.socket, 'close');
  assert.deepEqual(
    told.filter(({ type }) => type === 'took'),
    [{ type: 'took', id: 1 }],
  );
  client.ask('/');
  await client.hears('said');
});
