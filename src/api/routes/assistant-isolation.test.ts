/** Two guests: what one has does not exist for the other. And what pages of other sites may send. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { type Browser, type OpenAssistant, ORIGIN, openAssistant, type Reply } from '../../../test/open-assistant.ts';
import { createAdminLink, openSessionDesk } from '../../identity/index.ts';
import { systemClock } from '../../kit/index.ts';
import { openSessionStore } from '../../store/index.ts';

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

interface Person {
  readonly browser: Browser;
  readonly canary: string;
  readonly conversations: readonly string[];
  readonly turns: readonly string[];
  readonly receipts: readonly string[];
  readonly cases: readonly string[];
}

async function furnish(
  canary: string,
  counts: { conversations: number; turns: number; cases: number },
): Promise<Person> {
  const browser = one.browser();
  const [conversations, turns, receipts, cases]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (let c = 0; c < counts.conversations; c++) {
    let conversation: string | undefined;
    for (let t = 0; t < counts.turns; t++) {
      const mode = t % 2 === 0 ? 'quoted' : 'chat';
      const asked = await browser.ask(`${canary} ${c} ${t}`, { mode, ...(conversation && { conversation }) });
      conversation = asked.conversation;
      turns.push(asked.id);
      receipts.push((await browser.ended(asked.id)).receiptId ?? '');
      if (t >= counts.cases) continue;
      const contest = { reason: 'source', words: `${canary} vaidlus` };
      cases.push((await browser.send(`POST /api/turns/${asked.id}/contest`, contest)).body.number);
    }
    conversations.push(conversation as string);
  }
  return { browser, canary, conversations, turns, receipts, cases };
}

const ask = { question: 'uus', mode: 'quoted', language: 'et' };
const contest = { reason: 'untrue', words: '' };

/** Method and path with `{id}`, and a body. */
type Line = readonly [string, (object | undefined)?];

/** Every route that takes an id: of a conversation, or of a turn. */
const routesWithId: Readonly<Record<'conversations' | 'turns', readonly Line[]>> = {
  conversations: [
    ['GET /api/conversations/{id}'],
    ['GET /api/conversations/{id}/export?format=json'],
    ['GET /api/conversations/{id}/export?format=markdown'],
    ['POST /api/conversations/{id}/turns', ask],
    ['DELETE /api/conversations/{id}'],
  ],
  turns: [['GET /api/turns/{id}/events'], ['POST /api/turns/{id}/stop'], ['POST /api/turns/{id}/contest', contest]],
};

/** Without the request's own number, which differs every time. */
function comparable({ status, body, headers }: Reply): unknown {
  const names = [...headers.keys()].filter((name) => !['date', 'x-request-id', 'set-cookie'].includes(name));
  return {
    status,
    body: { ...body, instance: '' },
    headers: names.map((name) => [name, name === 'content-length' ? '' : headers.get(name)]),
  };
}

function assertNothingOf(other: Person, reply: Reply): void {
  const said = reply.text + JSON.stringify([...reply.headers]);
  for (const secret of [other.canary, ...other.receipts, ...other.cases, other.browser.cookie.slice(-20)]) {
    assert.ok(!said.includes(secret), `\`${secret}\` in ${said.slice(0, 500)}`);
  }
}

test('whatever two guests have, the ids of one look to the other exactly like ids that never were', async () => {
  const shape = fc.record({
    conversations: fc.integer({ min: 1, max: 3 }),
    turns: fc.integer({ min: 1, max: 3 }),
    cases: fc.integer({ min: 0, max: 2 }),
  });
  let round = 0;
  const property = fc.asyncProperty(shape, shape, async (mine, theirs) => {
    round++;
    const [me, them] = [await furnish(`KANAARILIND${round}A`, mine), await furnish(`KANAARILIND${round}B`, theirs)];
    for (const kind of ['conversations', 'turns'] as const) {
      for (const [line, body] of routesWithId[kind]) {
        const unknown = await me.browser.send(line.replace('{id}', 'f'.repeat(32)), body ?? {});
        assert.equal(unknown.status, 404, line);
        for (const id of [...them[kind], 'F'.repeat(32), '../x', `${them[kind][0]}0`]) {
          const reply = await me.browser.send(line.replace('{id}', encodeURIComponent(id)), body ?? {});
          assert.deepEqual(comparable(reply), comparable(unknown), `${line} with \`${id}\``);
          assertNothingOf(them, reply);
        }
        const stranger = await one.browser().send(line.replace('{id}', them[kind][0] as string), body ?? {});
        assert.deepEqual(comparable(stranger), comparable(unknown), `${line} without a session`);
      }
    }
    await assertListsApart(me, them);
  });
  await fc.assert(property, { numRuns: 5 });
});

async function assertListsApart(me: Person, them: Person): Promise<void> {
  const theirParent = { ...ask, parent: them.turns[0] };
  const foreign = await me.browser.send(`POST /api/conversations/${me.conversations[0]}/turns`, theirParent);
  assert.equal(foreign.status, 404, 'a parent of somebody else');
  for (const line of [
    'GET /api/conversations',
    'GET /api/export',
    'GET /api/export?format=markdown',
    'GET /api/guest',
    'GET /api/assistant',
  ]) {
    assertNothingOf(them, await me.browser.send(line));
  }
  const found = await me.browser.send('POST /api/conversations/search', { query: 'kanaarilind' });
  assert.equal(found.body.conversations.length, me.conversations.length);
  assertNothingOf(them, found);
  await me.browser.send('DELETE /api/conversations');
  assert.equal((await them.browser.get('/api/conversations')).body.total, them.conversations.length);
}

test('rows whose owner is swapped in the database do not open, and say nothing', async () => {
  const [me, them] = [
    await furnish('MINUOMA', { conversations: 1, turns: 1, cases: 0 }),
    await furnish('NENDEOMA', { conversations: 1, turns: 1, cases: 0 }),
  ];
  const { rows } = await one.pool.query('SELECT subject FROM assistant_turn WHERE id = $1', [me.turns[0]]);
  const [mine, theirs] = [me.turns[0], them.turns[0]];
  await one.pool.query('UPDATE assistant_turn SET subject = $2 WHERE id = $1', [theirs, rows[0].subject]);
  await one.pool.query('UPDATE assistant_conversation SET subject = $2 WHERE id = $1', [
    them.conversations[0],
    rows[0].subject,
  ]);
  const moved = await me.browser.get(`/api/conversations/${them.conversations[0]}`);
  assert.equal(moved.status, 500);
  assertNothingOf(them, moved);
  await one.pool.query(
    'UPDATE assistant_turn AS t SET wire = o.wire, question = o.question FROM assistant_turn AS o WHERE t.id = $1 AND o.id = $2',
    [mine, theirs],
  );
  const swapped = await me.browser.get(`/api/conversations/${me.conversations[0]}`);
  assert.equal(swapped.status, 500);
  assertNothingOf(them, swapped);
});

test('nothing that was said stands in the database in the open', async () => {
  await furnish('AVATEKST', { conversations: 1, turns: 2, cases: 1 });
  for (const table of ['assistant_subject', 'assistant_conversation', 'assistant_turn', 'assistant_case']) {
    const { rows } = await one.pool.query(
      `SELECT count(*) AS n FROM ${table} AS t WHERE position('AVATEKST' IN t::text) > 0
         OR position(encode('AVATEKST', 'hex') IN t::text) > 0`,
    );
    assert.equal(rows[0].n, 0, table);
  }
});

test('a page of another site, a form and a missing origin change nothing', async () => {
  const person = await furnish('VOORAS', { conversations: 1, turns: 1, cases: 0 });
  const lines: Line[] = [
    ...routesWithId.conversations.map(
      ([line, body]) => [line.replace('{id}', person.conversations[0] as string), body] as const,
    ),
    ...routesWithId.turns.map(([line, body]) => [line.replace('{id}', person.turns[0] as string), body] as const),
    ['POST /api/conversations', ask],
    ['POST /api/conversations/search', { query: 'vooras' }],
    ['POST /api/guest'],
    ['DELETE /api/conversations'],
  ];
  for (const [line, body] of lines.filter(([each]) => !each.startsWith('GET'))) {
    for (const [headers, status] of [
      [{ origin: 'https://evil.example' }, 403],
      [{ origin: 'null' }, 403],
      [{ origin: '' }, 403],
      [{ origin: `${ORIGIN}.evil.example` }, 403],
      [{ 'content-type': 'text/plain' }, 415],
      [{ 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ] as const) {
      const reply = await person.browser.send(line, body ?? {}, headers);
      assert.equal(reply.status, status, `${line} ${JSON.stringify(headers)}`);
      assert.equal(reply.headers.get('set-cookie'), null);
    }
  }
  assert.equal((await person.browser.get('/api/conversations')).body.total, 1);
});

test('the cookie is out of reach of scripts, other sites and other paths, and only a change makes one', async () => {
  const nobody = one.browser();
  for (const line of [
    'GET /api/guest',
    'GET /api/conversations',
    'GET /api/export',
    'GET /api/assistant',
    'DELETE /api/conversations',
  ]) {
    await nobody.send(line);
    assert.match(nobody.cookie, /^(polity_guest=)?$/, line);
  }
  const response = await one.browser().open('POST /api/guest');
  const cookie = response.headers.get('set-cookie') ?? '';
  assert.match(cookie, /^polity_guest=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Lax; Path=\/api; Max-Age=2592000; Secure$/);
  const secret = /=([^;]+)/.exec(cookie)?.[1] ?? '';
  const { rows } = await one.pool.query(
    'SELECT count(*) AS n FROM assistant_subject AS s WHERE position($1 IN s::text) > 0',
    [secret],
  );
  assert.equal(rows[0].n, 0, 'only its hash is kept');
});

test('a signed-in session of the console opens nothing of a guest', async () => {
  const person = await furnish('KONSOOL', { conversations: 1, turns: 1, cases: 0 });
  const context = { store: openSessionStore(one.pool), clock: systemClock };
  const { url } = await createAdminLink({ ...context, publicUrl: ORIGIN });
  const token = new URLSearchParams(new URL(url).hash.slice(1)).get('admin') ?? '';
  const session = await openSessionDesk(context).redeemAdminLink(token);
  const official = one.browser();
  for (const name of ['polity_session', 'polity_guest']) {
    official.cookie = `${name}=${session?.secret}`;
    const reply = await official.get(`/api/conversations/${person.conversations[0]}`);
    assert.equal(reply.status, 404);
    assert.equal((await official.get('/api/conversations')).body.total, 0);
  }
});

test('script that somebody wrote comes back as data that no browser runs', async () => {
  const me = one.browser();
  const script = '<script>fetch("https://evil.example")</script>';
  const turn = await me.ask(script);
  await me.ended(turn.id);
  for (const line of [
    'GET /api/conversations',
    `GET /api/conversations/${turn.conversation}`,
    'GET /api/export',
    'GET /api/guest',
  ]) {
    const reply = await me.send(line);
    assert.match(reply.headers.get('content-type') ?? '', /^application\/json/, line);
    assert.equal(reply.headers.get('x-content-type-options'), 'nosniff', line);
    assert.equal(reply.headers.get('cache-control'), 'no-store', line);
  }
  const refused = await me.send('GET /api/conversations?limit=<script>');
  assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(refused.headers.get('x-content-type-options'), 'nosniff');
  assert.ok(!refused.text.includes('<script>'));
});
