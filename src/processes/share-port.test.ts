import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../test/start-polity.ts';
import { Problem } from '../kit/index.ts';
import { SharedPort } from './share-port.ts';

let port: SharedPort;
let number = 0;
let clients: Socket[] = [];

beforeEach(async () => {
  port = new SharedPort();
  number = await freePort();
  clients = [];
});
afterEach(() => {
  for (const client of clients) client.destroy();
  port.close();
});

/** Takes part in this process: what a gateway does over its channel. */
function joinAs(worker: string, takes = true): Socket[] {
  const given: Socket[] = [];
  port.join(worker, (id, connection) => {
    given.push(connection);
    // What a gateway took is its own descriptor; here it is the only one, and stays open.
    if (takes) port.took(worker, id);
  });
  return given;
}

async function connectSome(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const client = connect(number, '127.0.0.1').on('error', () => {});
    clients.push(client);
    await new Promise((resolve) => client.once('connect', resolve));
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 200, 'it never came');
    await delay(10);
  }
}

test('each connection goes to the gateway that has the fewest', async () => {
  await port.listen(number, '127.0.0.1');
  const [a, b] = [joinAs('a'), joinAs('b')];
  await connectSome(6);
  await until(() => a.length + b.length === 6);
  assert.deepEqual([a.length, b.length], [3, 3]);
  port.closed('b', 2);
  await connectSome(2);
  await until(() => a.length + b.length === 8);
  assert.deepEqual([a.length, b.length], [3, 5]);
});

test('one that leaves is given nothing more', async () => {
  await port.listen(number, '127.0.0.1');
  const [a, b] = [joinAs('a'), joinAs('b')];
  port.leave('a');
  await connectSome(3);
  await until(() => b.length === 3);
  assert.equal(a.length, 0);
});

test('what a dead gateway was given and did not take goes to another, and what it took does not', async () => {
  await port.listen(number, '127.0.0.1');
  const dead = joinAs('dead', false);
  await connectSome(3);
  await until(() => dead.length === 3);
  port.took('dead', 1);
  const heir = joinAs('heir');
  port.bury('dead');
  assert.equal(heir.length, 2);
});

test('while nobody is there connections wait, and the first who comes gets them', async () => {
  await port.listen(number, '127.0.0.1');
  await connectSome(3);
  await delay(50);
  const late = joinAs('late');
  await until(() => late.length === 3);
});

test('a client that left while it waited is given to nobody', async () => {
  await port.listen(number, '127.0.0.1');
  const dead = joinAs('dead', false);
  await connectSome(1);
  await until(() => dead.length === 1);
  dead[0]?.destroy();
  const heir = joinAs('heir');
  port.bury('dead');
  assert.equal(heir.length, 0);
});

test('a port that is taken is a problem that names another', async () => {
  await port.listen(number, '127.0.0.1');
  await assert.rejects(
    new SharedPort().listen(number, '127.0.0.1'),
    (thrown) => thrown instanceof Problem && thrown.detail.includes(`PORT=${number + 1} npm start`),
  );
});
