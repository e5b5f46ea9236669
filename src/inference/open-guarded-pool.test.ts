import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type LookupFunction } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openPort, runCall } from '../../test/call-upstream.ts';

/** A name server whose answer the test writes. */
function naming(addresses: readonly string[]): { addresses: readonly string[]; lookup: LookupFunction } {
  const name = {
    addresses,
    lookup: ((_host, _options, callback) =>
      callback(
        null,
        name.addresses.map((address) => ({ address, family: 4 })),
      )) as LookupFunction,
  };
  return name;
}

/** On one more address of this machine. Keeps connections for as long as anybody likes. */
async function serveAt(t: TestContext, place: { host: string; port: number }, listener: RequestListener) {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await new Promise<void>((resolve) => server.listen(place.port, place.host, resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('a name that leads elsewhere is followed though the old place still answers, and no running answer is cut', async (t) => {
  const port = await serveAt(t, { host: '127.0.0.1', port: 0 }, async (request, response) => {
    response.write('old');
    if (request.url?.endsWith('/slow')) await delay(1_000);
    response.end(' place');
  });
  await serveAt(t, { host: '127.0.0.2', port }, (_request, response) => void response.end('new place'));
  const name = naming(['127.0.0.1']);
  const upstream = openPort(t, `http://model.example:${port}/v1`, { lookup: name.lookup, connectionMs: 300 });
  const running = runCall(upstream, { path: '/slow' });
  assert.equal((await runCall(upstream)).text, 'old place');
  name.addresses = ['127.0.0.2'];
  for (let tries = 0; (await runCall(upstream)).text !== 'new place'; tries++) {
    assert.ok(tries < 40, 'the old place is asked for ever');
    await delay(50);
  }
  const { text, ended } = await running;
  assert.deepEqual([text, ended], ['old place', true]);
});

const SLOW_SERVER = `
  require('node:http').createServer((request, response) => response.end('far'))
    .listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); });`;

test('an address that is far away has its time, though the next one of its name is not there at all', async (t) => {
  const child = spawn(process.execPath, ['-e', SLOW_SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line);
  // It stands still, and its queue is full: who connects is heard only when he knocks again, a second later.
  child.kill('SIGSTOP');
  const others = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  t.after(() => others.map((socket) => socket.destroy()));
  await delay(100);
  const { lookup } = naming(['127.0.0.1', '127.0.0.2']);
  const asked = runCall(openPort(t, `http://model.example:${port}/v1`, { lookup }));
  await delay(500);
  child.kill('SIGCONT');
  const { text, failure } = await asked;
  assert.deepEqual([text, failure], ['far', null]);
});

test('a name that comes to lead into our own network is refused at the next connection: nothing is sent there', async (t) => {
  let asked = 0;
  const port = await serveAt(t, { host: '127.0.0.1', port: 0 }, (_request, response) => {
    asked++;
    response.end();
  });
  const { lookup } = naming(['127.0.0.1', '127.0.0.2']);
  const url = `http://model.example:${port}/v1`;
  const { failure } = await runCall(openPort(t, url, { lookup, allowPrivateAddress: false }));
  assert.deepEqual([failure?.kind, asked], ['unreachable', 0]);
  await runCall(openPort(t, url, { lookup }));
  assert.equal(asked, 1);
});
