import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyHold, BodyRoom } from './body-room.ts';

const holdOf = (room: BodyRoom, owner: string) => {
  const hold = new BodyHold(room);
  hold.openFor(owner);
  return hold;
};

test('bodies have so much room together, one key has half of it, and what a request leaves is free again', () => {
  const room = new BodyRoom();
  const [first, second, other, third] = ['a', 'a', 'b', 'c'].map((owner) => holdOf(room, owner));
  assert.ok(first && second && other && third);
  assert.equal(first.take(40, 100), null);
  const tooMuch = second.take(11, 100);
  assert.deepEqual([tooMuch?.code, tooMuch?.extras.retryAfterMs], ['overloaded', 1_000]);
  assert.match(tooMuch?.message ?? '', /this key/);
  assert.equal(second.take(10, 100), null);
  assert.equal(other.take(50, 100), null);
  assert.match(third.take(1, 100)?.message ?? '', /as many large bodies/);
  first.release();
  first.release();
  assert.equal(third.take(40, 100), null);
  assert.equal(third.take(1, 100)?.code, 'overloaded');
  for (const hold of [second, other, third]) hold.release();
  const again = holdOf(room, 'a');
  assert.equal(again.take(50, 100), null);
});
