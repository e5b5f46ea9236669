import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlaceQueue } from './place-queue.ts';

const never = new AbortController().signal;
const anyPlace = () => 0;

test('of the free places the best is taken; those who wait get one in the order of arrival', async () => {
  const queue = new PlaceQueue([1, 2], 4);
  assert.deepEqual(await queue.take(never, (place) => place), { kind: 'place', place: 2 });
  assert.deepEqual(await queue.take(never, (place) => place), { kind: 'place', place: 1 });
  const order: string[] = [];
  const first = queue.take(never, anyPlace).then(() => order.push('first'));
  const second = queue.take(never, anyPlace).then(() => order.push('second'));
  assert.deepEqual([queue.taken, queue.waiting], [2, 2]);
  queue.giveBack(2);
  queue.giveBack(1);
  await Promise.all([first, second]);
  assert.deepEqual([order, queue.taken, queue.waiting], [['first', 'second'], 2, 0]);
});

test('the queue is bounded, and whoever leaves makes room', async () => {
  const queue = new PlaceQueue(['only'], 1);
  await queue.take(never, anyPlace);
  const abort = new AbortController();
  const waiting = queue.take(abort.signal, anyPlace);
  assert.deepEqual(await queue.take(never, anyPlace), { kind: 'full' });
  abort.abort();
  assert.deepEqual(await waiting, { kind: 'left' });
  const next = queue.take(never, anyPlace);
  queue.giveBack('only');
  assert.deepEqual(await next, { kind: 'place', place: 'only' });
});

test('an abort after a place was given changes nothing, and one before takes none', async () => {
  const queue = new PlaceQueue(['only'], 1);
  const abort = new AbortController();
  await queue.take(never, anyPlace);
  const waiting = queue.take(abort.signal, anyPlace);
  queue.giveBack('only');
  abort.abort();
  assert.deepEqual(await waiting, { kind: 'place', place: 'only' });
  assert.deepEqual([await queue.take(abort.signal, anyPlace), queue.taken], [{ kind: 'left' }, 1]);
});
