import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Backend } from '../../charter/schema.ts';
import { Problem, systemClock, systemTimers } from '../../kit/index.ts';
import type { Route } from '../../policy/schema.ts';
import { Attempts } from './attempts.ts';
import type { Verdict } from './backend-watch.ts';
import { type Place, Traffic } from './traffic.ts';
import type { Chosen } from './wait-for-place.ts';

const well: Verdict = { kind: 'well', firstByteMs: 1 };

function open(...ids: string[]) {
  const traffic = new Traffic({ clock: systemClock, timers: systemTimers, random: () => 0.5 });
  const backends = ids.map((id) => {
    const price = { inputPerMillion: 1, outputPerMillion: 1 };
    return { id, priority: 1, weight: 1, price, concurrent: 1 } as unknown as Backend;
  });
  const routes = backends.map((backend) => ({ facts: { backend } }) as unknown as Route);
  const leaving = new AbortController();
  const choose = () => {
    const journey = { routes, routing: { balance: 'weights', affinity: false }, session: null } as const;
    const rank = 'interactive';
    const watched = { hasLeft: () => leaving.signal.aborted, leaving: () => leaving.signal };
    return new Attempts({ ...journey, rank, ...watched }, traffic).choose();
  };
  const fill = (at: number) =>
    traffic.enter(backends[at] as Backend, { rank: 'interactive', leaving: () => leaving.signal });
  const waiting = () => backends.map((backend) => traffic.view(backend).waiting);
  return {
    choose,
    fill,
    waiting,
    leaving,
    traffic,
    running: () => backends.map((backend) => traffic.view(backend).running),
  };
}

const backendOf = (chosen: Chosen | Problem) => {
  assert.ok(!(chosen instanceof Problem), String(chosen));
  return chosen.route.facts.backend.id;
};

test('where every backend is full, the first place that is free anywhere is taken, and no other is held', async () => {
  const { choose, fill, waiting, running } = open('hangs', 'works');
  // One that takes requests and never answers keeps its place for as long as an answer may take.
  void fill(0);
  const works = (await fill(1)) as Place;
  const chosen = choose();
  await delay(20);
  assert.deepEqual(waiting(), [1, 1]);
  works.leave(well);
  assert.equal(backendOf(await chosen), 'works');
  await delay(0);
  assert.deepEqual(
    [waiting(), running()],
    [
      [0, 0],
      [1, 1],
    ],
  );
});

test('places that are free at the same moment are taken once', async () => {
  const { choose, fill, running } = open('a', 'b');
  const places = [await fill(0), await fill(1)] as Place[];
  const chosen = choose();
  for (const place of places) place.leave(well);
  await chosen;
  await delay(0);
  assert.equal(
    running().reduce((sum, one) => sum + one),
    1,
  );
});

test('who waits at a backend that wants to be left alone meanwhile is not sent there', async () => {
  const { choose, fill, running } = open('tired');
  const place = (await fill(0)) as Place;
  const chosen = [choose(), choose()];
  place.leave({ kind: 'busy', retryAfterMs: 7_000 });
  for (const problem of await Promise.all(chosen)) {
    assert.ok(problem instanceof Problem && problem.code === 'overloaded');
    assert.ok((problem.extras.retryAfterMs ?? 0) > 5_000);
  }
  assert.deepEqual(running(), [0]);
});

test('a client that leaves waits nowhere any more', async () => {
  const { choose, fill, waiting, leaving } = open('a', 'b');
  void fill(0);
  void fill(1);
  const chosen = choose();
  leaving.abort();
  assert.ok((await chosen) instanceof Problem);
  assert.deepEqual(waiting(), [0, 0]);
});

test('one that hangs is asked last: behind those that can answer, and behind those that must be waited for', async () => {
  const { choose, fill, traffic } = open('hangs', 'works');
  traffic.view({ id: 'hangs', concurrent: 1 } as Backend);
  traffic.look('hangs', false);
  for (let time = 0; time < 5; time++) {
    const chosen = await choose();
    assert.equal(backendOf(chosen), 'works');
    (chosen as Chosen).place.leave(well);
  }
  const works = (await fill(1)) as Place;
  const waiting = choose();
  await delay(20);
  works.leave(well);
  const chosen = await waiting;
  assert.equal(backendOf(chosen), 'works');
  // What ends well there says more than a look.
  const hangs = (await fill(0)) as Place;
  hangs.leave(well);
  assert.equal(backendOf(await choose()), 'hangs');
});

test('a backend that nobody else can stand in for is asked, whatever a look says', async () => {
  const { choose, traffic } = open('only');
  traffic.view({ id: 'only', concurrent: 1 } as Backend);
  traffic.look('only', false);
  assert.equal(backendOf(await choose()), 'only');
});
