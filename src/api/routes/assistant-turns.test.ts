import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { type OpenAssistant, openAssistant } from '../../../test/open-assistant.ts';

let database: TestDatabase;
/** Two processes on one database. */
let one: OpenAssistant;
let two: OpenAssistant;

before(async () => {
  database = await createTestDatabase();
  one = await openAssistant(database.url);
  two = await openAssistant(database.url, one.kek);
});
after(async () => {
  await one.close();
  await two.close();
  await database.drop();
});

/** A gate that lets one piece through each time it is opened. */
function turnstile() {
  let open: () => void = () => {};
  let waiting = Promise.resolve();
  const close = () => {
    waiting = new Promise((resolve) => {
      open = resolve;
    });
  };
  close();
  return {
    gate: () => waiting,
    pass() {
      open();
      close();
    },
    always() {
      open();
      waiting = Promise.resolve();
    },
  };
}

interface Shown {
  text: string;
  readonly events: string[];
}

/** Reads a stream as a page does, until `until` says enough. */
async function watch(response: Response, until: (shown: Shown, state: string) => boolean): Promise<Shown> {
  const shown: Shown = { text: '', events: [] };
  let rest = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return shown;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const found = /^event: (.*)\nid: (.*)\ndata: (.*)$/.exec(block);
      if (found === null) continue;
      const [, event = '', id, data = ''] = found;
      const body = JSON.parse(data);
      shown.events.push(event);
      if (event === 'turn') shown.text = body.text;
      else {
        assert.equal(body.at, shown.text.length, 'text is appended where it belongs');
        shown.text += body.text;
      }
      assert.equal(Number(id), shown.text.length);
      if (until(shown, body.state ?? 'running')) {
        await reader.cancel();
        return shown;
      }
    }
  }
}

const neverEnough = () => false;

test('text is streamed by any process, a stream survives a refresh, and every reader ends with the same text', async () => {
  const me = one.browser();
  const gate = turnstile();
  one.path.pieces = ['Esimene ', 'tükk 👋 ', 'ja lõpp'];
  one.path.gate = gate.gate;
  const turn = await me.ask('räägi', { mode: 'chat' });
  const open = (at: OpenAssistant) => me.at(at.url).open(`GET /api/turns/${turn.id}/events`);
  const first = await open(one);
  assert.match(first.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.deepEqual(
    ['x-accel-buffering', 'cache-control', 'x-content-type-options'].map((name) => first.headers.get(name)),
    ['no', 'no-store', 'nosniff'],
  );
  const left = await watch(first, ({ text }) => text === 'Esimene ');
  assert.equal(left.text, 'Esimene ', 'the page is closed in mid-stream');
  const [same, other] = [watch(await open(one), neverEnough), watch(await open(two), neverEnough)];
  gate.pass();
  await watch(await open(two), ({ text }) => text === 'Esimene tükk 👋 ');
  gate.always();
  for (const shown of [await same, await other]) {
    assert.equal(shown.text, 'Esimene tükk 👋 ja lõpp');
    assert.equal(shown.events[0], 'turn');
    assert.equal(shown.events.at(-1), 'turn');
  }
  const { turns } = (await me.get(`/api/conversations/${turn.conversation}`)).body;
  assert.deepEqual([turns[0].state, turns[0].text, turns[0].wire], ['complete', 'Esimene tükk 👋 ja lõpp', null]);
});

test('Stop reaches the process that makes the answer, and what was written stays', async () => {
  const me = one.browser();
  const gate = turnstile();
  one.path.pieces = ['see jääb', ' seda ei tule'];
  one.path.gate = gate.gate;
  const turn = await me.ask('peatu', { mode: 'chat' });
  await watch(await me.open(`GET /api/turns/${turn.id}/events`), ({ text }) => text === 'see jääb');
  const stopped = await me.at(two.url).send(`POST /api/turns/${turn.id}/stop`);
  assert.equal(stopped.status, 202);
  const end = await me.ended(turn.id);
  assert.deepEqual([end.state, end.text], ['stopped', 'see jääb']);
  assert.match(end.receiptId ?? '', /^[0-9a-f]{32}$/);
  assert.equal((await me.send(`POST /api/turns/${turn.id}/stop`)).body.state, 'stopped', 'once more changes nothing');
});

test('a Stop that nobody heard, because the listening connections were cut, is found when they are back', async () => {
  const me = one.browser();
  const gate = turnstile();
  one.path.pieces = ['kuuldamatu', ' lõpp'];
  one.path.gate = gate.gate;
  const turn = await me.ask('katkestus', { mode: 'chat' });
  await watch(await me.open(`GET /api/turns/${turn.id}/events`), ({ text }) => text === 'kuuldamatu');
  await one.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'polity-test-listener'`,
  );
  await me.send(`POST /api/turns/${turn.id}/stop`);
  assert.deepEqual((await me.at(two.url).ended(turn.id)).state, 'stopped');
});

test('one guest holds a bounded number of streams open', async () => {
  const me = one.browser();
  const gate = turnstile();
  one.path.pieces = ['palju vaatajaid'];
  one.path.gate = gate.gate;
  const turn = await me.ask('vood', { mode: 'chat' });
  const open = () => me.open(`GET /api/turns/${turn.id}/events`);
  const streams = await Promise.all(Array.from({ length: 20 }, open));
  const refused = streams.filter(({ status }) => status === 429);
  assert.equal(refused.length, 8);
  gate.always();
  await Promise.all(streams.map((stream) => stream.text()));
  assert.equal((await open()).status, 200, 'and may open more when they have ended');
});

test('deleting a conversation ends what runs in it, and its stream', async () => {
  const me = one.browser();
  const gate = turnstile();
  one.path.pieces = ['algus', ' lõpp'];
  one.path.gate = gate.gate;
  const turn = await me.ask('kustuta', { mode: 'chat' });
  const stream = watch(await me.open(`GET /api/turns/${turn.id}/events`), neverEnough);
  assert.equal((await me.at(two.url).send(`DELETE /api/conversations/${turn.conversation}`)).status, 204);
  await stream;
  await one.desk.idle();
  assert.equal((await me.get(`/api/turns/${turn.id}/events`)).status, 404);
});

test('when the process that makes an answer is gone, readers see it unfinished with what was written', async () => {
  const dying = await openAssistant(database.url, one.kek);
  const me = dying.browser();
  const gate = turnstile();
  dying.path.pieces = ['pooleli', ' jäänud'];
  dying.path.gate = gate.gate;
  const turn = await me.ask('sure', { mode: 'chat' });
  await watch(await me.open(`GET /api/turns/${turn.id}/events`), ({ text }) => text === 'pooleli');
  const reading = me.at(two.url).ended(turn.id);
  await dying.endLease();
  const end = await reading;
  assert.deepEqual([end.state, end.text], ['unfinished', 'pooleli']);
  await two.sweep();
  gate.always();
  await dying.close();
  const later = await me.at(two.url).ended(turn.id);
  assert.deepEqual([later.state, later.text], ['unfinished', 'pooleli'], 'a late word of the dead changes nothing');
});

test('questions out of bounds, halves of characters and unknown members are refused before anything is kept', async () => {
  const me = one.browser();
  one.path.gate = async () => {};
  const sound = { question: 'q', mode: 'quoted', language: 'et' };
  for (const body of [
    { ...sound, question: ' \n' },
    { ...sound, question: 'x'.repeat(4_001) },
    { ...sound, question: '\ud83d' },
    { ...sound, mode: 'written' },
    { ...sound, language: '../..' },
    { ...sound, model: 'auto' },
    [],
    null,
  ]) {
    const reply = await me.send('POST /api/conversations', body);
    assert.deepEqual([reply.status, reply.body.code], [400, 'invalid-request'], reply.text);
  }
  assert.equal(me.cookie, '', 'and no guest is made');
  assert.equal((await me.send('POST /api/conversations', { ...sound, question: 'x'.repeat(4_000) })).status, 201);
});
