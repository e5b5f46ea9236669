import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { type OpenAssistant, openAssistant } from '../../../test/open-assistant.ts';
import { fromUtf8, Problem, unseal, unwrapDataKey, wrappingKey } from '../../kit/index.ts';

let database: TestDatabase;
let one: OpenAssistant;

before(async () => {
  database = await createTestDatabase();
  one = await openAssistant(database.url);
});
after(async () => {
  await one.close();
  await database.drop();
});

const DAY_MS = 86_400_000;

test('what the first page must know needs no session and makes none', async () => {
  const reply = await one.browser().get('/api/assistant');
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('set-cookie'), null);
  assert.equal(reply.body.name.en, 'State adviser');
  assert.equal(reply.body.contest.institution.en !== undefined, true);
  assert.deepEqual(reply.body.frequent, { et: [{ question: 'Kuidas?', authority: 'Amet' }] });
  assert.deepEqual(reply.body.abilities[0], { language: 'et', quotes: true, writes: false });
  assert.equal(reply.body.chatModel.id, 'smollm2-135m-instruct');
  assert.deepEqual([reply.body.places.length, reply.body.places[0].inCountry], [1, true]);
});

test('a question is answered with passages, the bytes of the receipt, and is read again by its person', async () => {
  const me = one.browser();
  const asked = await me.ask('Kuidas registreerida lapse sündi?');
  assert.equal(asked.state, 'running');
  const turn = await me.ended(asked.id);
  assert.equal(turn.state, 'complete');
  assert.equal(turn.quoted?.passages[0]?.text, 'Lõik: Kuidas registreerida lapse sündi?');
  assert.deepEqual(JSON.parse(Buffer.from(turn.wire ?? '', 'base64').toString()), turn.quoted);
  assert.match(turn.receiptId ?? '', /^[0-9a-f]{32}$/);
  const read = await me.get(`/api/conversations/${asked.conversation}`);
  assert.deepEqual(read.body.turns, [turn]);
  assert.equal(read.body.title, 'Kuidas registreerida lapse sündi?');
  assert.equal(Date.parse(read.body.keptUntil) - Date.parse(read.body.updatedAt), 30 * DAY_MS);
});

test('variants stay beside one another, and the path is told the branch that a question follows', async () => {
  const me = one.browser();
  const first = await me.ask('esimene');
  const { conversation } = first;
  await me.ended(first.id);
  const second = await me.ask('teine', { conversation });
  await me.ended(second.id);
  const again = await me.ask('teine', { conversation, parent: first.id });
  const edited = await me.ask('esimene teisiti', { conversation, parent: null });
  await me.ended(again.id);
  await me.ended(edited.id);
  const { turns } = (await me.get(`/api/conversations/${conversation}`)).body;
  assert.deepEqual(
    turns.map((turn: { id: string; parent: string | null }) => [turn.id, turn.parent]),
    [
      [first.id, null],
      [second.id, first.id],
      [again.id, first.id],
      [edited.id, null],
    ],
  );
  const follow = await me.ask('kolmas', { conversation, parent: again.id });
  await me.ended(follow.id);
  const told = one.path.asked.at(-1);
  assert.deepEqual(
    told?.history.map(({ question }) => question),
    ['esimene', 'teine'],
  );
  assert.equal(told?.history[0]?.answer, 'Lõik: esimene');
  assert.deepEqual([told?.asker.tenant, told?.asker.purpose], ['public', 'public-information']);
});

test('a question that was sent twice with one key is asked once', async () => {
  const me = one.browser();
  await me.send('POST /api/guest');
  const turns = await Promise.all([me.ask('üks kord', { key: 'k1' }), me.ask('üks kord', { key: 'k1' })]);
  assert.equal(turns[0]?.id, turns[1]?.id);
  assert.equal((await me.get('/api/conversations')).body.total, 1);
  const other = await me.send(
    'POST /api/conversations',
    { question: 'muu', mode: 'quoted', language: 'et' },
    { 'idempotency-key': 'k1' },
  );
  assert.deepEqual([other.status, other.body.error.param], [400, 'idempotency-key']);
});

test('conversations are listed newest first in pages, found without case and diacritics, and end with their time', async () => {
  const me = one.browser();
  for (const question of ['Kuidas registreerida sündi?', 'Ёлка и школа', 'هَوِيَّة شخصية']) {
    const { id } = await me.ask(question);
    await me.ended(id);
    one.advance(1_000);
  }
  const page = (await me.get('/api/conversations?limit=2')).body;
  assert.deepEqual([page.conversations[0].title, page.conversations.length, page.total], ['هَوِيَّة شخصية', 2, 3]);
  const rest = (await me.get(`/api/conversations?limit=2&after=${page.next}`)).body;
  assert.deepEqual([rest.conversations[0].title, rest.next], ['Kuidas registreerida sündi?', null]);
  for (const [query, title] of [
    ['SUNDI registreerida', 'Kuidas registreerida sündi?'],
    ['елка', 'Ёлка и школа'],
    ['هوية', 'هَوِيَّة شخصية'],
  ] as const) {
    const found = (await me.send('POST /api/conversations/search', { query })).body;
    assert.deepEqual(
      found.conversations.map((each: { title: string }) => each.title),
      [title],
    );
    assert.ok(found.conversations[0].excerpt.includes(title), found.conversations[0].excerpt);
    assert.equal(found.searched, 3);
  }
  assert.deepEqual((await me.send('POST /api/conversations/search', { query: 'puudub' })).body.conversations, []);
  one.advance(31 * DAY_MS);
  await one.sweep();
  assert.equal((await me.get('/api/conversations')).body.total, 0);
  const { rows } = await one.pool.query('SELECT count(*) AS n FROM assistant_subject');
  assert.equal(rows[0].n, 0, 'nobody who has nothing is kept');
});

test('what is exported is everything, and is saved, not shown', async () => {
  const me = one.browser();
  const asked = await me.ask('<script>alert(1)</script> # pealkiri');
  await me.ended(asked.id);
  const json = await me.get('/api/export');
  assert.equal(json.body.conversations[0].turns[0].question, '<script>alert(1)</script> # pealkiri');
  const markdown = await me.get(`/api/conversations/${asked.conversation}/export?format=markdown`);
  assert.match(markdown.headers.get('content-type') ?? '', /^text\/markdown/);
  assert.match(markdown.headers.get('content-disposition') ?? '', /^attachment; filename="conversations-[\d-]+\.md"$/);
  assert.equal(markdown.headers.get('x-content-type-options'), 'nosniff');
  assert.match(markdown.text, /^> Lõik: <script>.*\n>\n> — Siseministeerium, <https:/m);
});

test('deleting everything destroys the key, the session and every row', async () => {
  const me = one.browser();
  const asked = await me.ask('kustuta mind');
  await me.ended(asked.id);
  const { cookie } = me;
  assert.equal((await me.send('DELETE /api/conversations')).status, 204);
  assert.equal(me.cookie, 'polity_guest=');
  me.cookie = cookie;
  assert.equal((await me.get(`/api/conversations/${asked.conversation}`)).status, 404);
  for (const table of ['assistant_turn', 'assistant_conversation']) {
    const { rows } = await one.pool.query(`SELECT count(*) AS n FROM ${table} WHERE id IN ($1, $2)`, [
      asked.id,
      asked.conversation,
    ]);
    assert.equal(rows[0].n, 0);
  }
});

test('a refusal shows its clauses, a quota its code, and both stay with the turn', async () => {
  const me = one.browser();
  const clause = {
    id: 'no-permit',
    set: 'law',
    name: 'No permit',
    legalBasis: 'the charter',
    sentences: { en: 'Nothing allows it.' },
  };
  const members = { clauses: [clause], considered: [{ backend: 'b', allowed: false, clauses: ['no-permit'] }] };
  one.path.ending = {
    kind: 'problem',
    receiptId: 'a'.repeat(32),
    problem: new Problem('refused-by-policy', 'no', { members }),
  };
  const refused = await me.ended((await me.ask('salajane')).id);
  assert.equal(refused.state, 'refused');
  assert.deepEqual(refused.refusal?.clauses, [
    { id: 'no-permit', name: 'No permit', legalBasis: 'the charter', sentence: { en: 'Nothing allows it.' } },
  ]);
  assert.equal(refused.receiptId, 'a'.repeat(32));
  one.path.ending = { kind: 'problem', receiptId: null, problem: new Problem('rate-limited', 'wait') };
  const limited = await me.ended((await me.ask('palju')).id);
  assert.deepEqual([limited.state, limited.failure], ['failed', { code: 'rate-limited', detail: 'wait' }]);
  one.path.ending = null;
});

test('bytes that are no quoted answer are not shown as one', async () => {
  const me = one.browser();
  const wire = Buffer.from(JSON.stringify({ object: 'quoted_answer', passages: [{ link: 'javascript:alert(1)' }] }));
  one.path.ending = { kind: 'complete', receiptId: 'b'.repeat(32), wire };
  const turn = await me.ended((await me.ask('vigane')).id);
  one.path.ending = null;
  assert.deepEqual([turn.state, turn.quoted, turn.failure?.code], ['failed', null, 'upstream-failed']);
});

test('a contested answer becomes one case, which outlives the conversation and shows the console no content', async () => {
  const me = one.browser();
  const asked = await me.ask('vaidlustatud küsimus');
  await me.ended(asked.id);
  const contest = { reason: 'untrue', words: 'see ei ole nii' };
  const first = await me.send(`POST /api/turns/${asked.id}/contest`, contest);
  const again = await me.send(`POST /api/turns/${asked.id}/contest`, { ...contest, words: 'muud sõnad' });
  assert.equal(first.status, 201);
  assert.match(first.body.number, /^\d{4}-\d{5}$/);
  assert.deepEqual(again.body, first.body);
  assert.equal(Date.parse(first.body.dueAt) - Date.parse(first.body.createdAt), 3 * DAY_MS);
  const view = (await me.get(`/api/conversations/${asked.conversation}`)).body;
  assert.deepEqual(view.turns[0].contested, first.body);
  await me.send('DELETE /api/conversations');
  const [found] = (await one.desk.listCases()).filter(({ number }) => number === first.body.number);
  assert.deepEqual([found?.reason, found?.turnMode, found?.entry], ['untrue', 'quoted', null]);
  assert.doesNotMatch(JSON.stringify(found), /vaidlustatud|ei ole nii|[0-9a-f]{32}/);
});

test('a case keeps question, passages, wire, words and receipt as they were, under a key of its own', async () => {
  const me = one.browser();
  const asked = await me.ask('mis oli öeldud?');
  const turn = await me.ended(asked.id);
  const { body } = await me.send(`POST /api/turns/${asked.id}/contest`, { reason: 'source', words: 'vale allikas' });
  await me.send(`DELETE /api/conversations/${asked.conversation}`);
  const { rows } = await one.pool.query('SELECT * FROM assistant_case WHERE number = $1', [body.number]);
  const { id, kek, wrapped_key: wrappedKey, words, evidence } = rows[0];
  const key = unwrapDataKey({ wrappedKey, kek }, wrappingKey(one.kek), { table: 'assistant_case', id });
  const open = (sealed: Buffer, column: string) =>
    fromUtf8(unseal(sealed, key, { table: 'assistant_case', row: id, column }));
  assert.equal(open(words, 'words'), 'vale allikas');
  const frozen = JSON.parse(open(evidence, 'evidence'));
  assert.deepEqual(
    [frozen.question, frozen.wire, frozen.quoted, frozen.receiptId, frozen.receipt],
    ['mis oli öeldud?', turn.wire, turn.quoted, turn.receiptId, { id: turn.receiptId, state: 'included' }],
  );
  assert.match(frozen.charter, /^[0-9a-f]{64}$/);
});

test('the console finds a case by its place in the log', async () => {
  const me = one.browser();
  const turn = await me.ended((await me.ask('kus see on?')).id);
  const { body } = await me.send(`POST /api/turns/${turn.id}/contest`, { reason: 'incomplete', words: '' });
  await one.pool.query(
    `INSERT INTO decision (receipt_id, payload, salt, leaf, log, index, key_id, signature, signed_at)
     VALUES (decode($1, 'hex'), '', decode(repeat('00', 32), 'hex'), decode(repeat('00', 51), 'hex'), 'decisions-2026h2', 7, 'k',
       decode(repeat('00', 64), 'hex'), now())`,
    [turn.receiptId],
  );
  const found = (await one.desk.listCases()).find(({ number }) => number === body.number);
  assert.deepEqual(found?.entry, { log: 'decisions-2026h2', index: '7' });
});

test('a flood of questions is kept out before anything is written', async () => {
  const me = one.browser();
  await me.send('POST /api/guest');
  const replies = await Promise.all(
    Array.from({ length: 70 }, () =>
      me.send('POST /api/conversations', { question: 'x', mode: 'quoted', language: 'et' }),
    ),
  );
  const limited = replies.filter(({ status }) => status === 429);
  assert.ok(limited.length >= 10 && limited.every(({ headers }) => Number(headers.get('retry-after')) > 0));
  assert.equal((await me.get('/api/conversations')).body.total, replies.length - limited.length);
});

test('while the charter opens no assistant nobody asks, and people still read, export and delete what is theirs', async () => {
  const me = one.browser();
  const turn = await me.ended((await me.ask('enne sulgemist')).id);
  one.closeByCharter(true);
  for (const line of ['GET /api/assistant', 'POST /api/guest', 'POST /api/conversations']) {
    const who = line === 'POST /api/guest' ? one.browser() : me;
    const reply = await who.send(
      line,
      line === 'POST /api/conversations' ? { question: 'q', mode: 'quoted', language: 'et' } : {},
    );
    assert.deepEqual([reply.status, reply.body.code], [404, 'not-found'], line);
  }
  assert.equal((await me.get(`/api/conversations/${turn.conversation}`)).status, 200);
  assert.equal((await me.get('/api/export')).body.conversations.length, 1);
  assert.equal((await me.send('DELETE /api/conversations')).status, 204);
  one.closeByCharter(false);
});
