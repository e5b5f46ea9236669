/** Who may ask what, and what no page and no answer does: against a running installation, route by route. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../start-polity.ts';
import { CANARY, cookieOf, openVisitors, type Visitors, visitorNames } from '../web/open-visitors.ts';

let visitors: Visitors;

before(async () => {
  visitors = await openVisitors();
});
after(() => visitors?.polity.dispose());

const ask = { question: 'Tere', mode: 'quoted', language: 'et' };
const contest = { reason: 'untrue', words: '' };
const key = { tenant: 'school', name: 'test', purposes: ['education'] };
const all = (status: number) => visitorNames.map(() => status);
//             nobody key  other owner auditor operator administrator
const byKey = [401, 200, 401, 401, 401, 401, 401];
const byKeyOf = (status: number) => [401, status, 401, 401, 401, 401, 401];
const ofOwner = (status = 200) => [404, 404, 404, status, 404, 404, 404];
const ofStaff = (status = 200) => [401, 401, 401, 401, status, status, status];
const ofAdministrators = (status: number) => [401, 401, 401, 401, 403, 403, status];

type Row = readonly [line: string, statuses: readonly number[], body?: unknown];

/** What each visitor gets. The conversation, turn and receipt are the owner's; who holds a receipt's id may read it. */
const table: readonly Row[] = [
  ['GET /healthz', all(200)],
  ['GET /readyz', all(200)],
  ['GET /metrics', all(200)],
  ['GET /plain.css', all(200)],
  ['GET /problems/not-found', all(200)],
  ['GET /.well-known/polity', all(200)],
  ['GET /log/governance-2026h2/checkpoint', all(200)],
  ['GET /log/governance-2026h2/tile/0/000.p/{size}', all(200)],
  ['GET /v1/receipts/{receipt}', all(200)],
  ['GET /v1/models', byKey],
  ['GET /v1/models/smollm2-135m-instruct', byKey],
  ['GET /v1/usage', byKey],
  ['GET /v1/files', byKey],
  ['POST /v1/files', byKeyOf(415)],
  ['GET /v1/files/file-0', byKeyOf(404)],
  ['GET /v1/files/file-0/content', byKeyOf(404)],
  ['DELETE /v1/files/file-0', byKeyOf(404)],
  ['GET /v1/batches', byKey],
  ['POST /v1/batches', byKeyOf(400)],
  ['GET /v1/batches/batch_0', byKeyOf(404)],
  ['POST /v1/batches/batch_0/cancel', byKeyOf(404)],
  ['GET /v1/responses/resp_0', byKeyOf(404)],
  ['GET /v1/responses/resp_0/input_items', byKeyOf(404)],
  ['DELETE /v1/responses/resp_0', byKeyOf(404)],
  ['POST /v1/quotes', byKey, { question: 'Kuidas vahetada perearsti?' }],
  ['GET /api/session', ofStaff()],
  ['POST /api/session', all(401)],
  ['GET /api/assistant', all(200)],
  ['GET /api/guest', all(200)],
  ['POST /api/guest', all(200)],
  ['GET /api/conversations', all(200)],
  ['POST /api/conversations', all(201), ask],
  ['POST /api/conversations/search', all(200), { query: CANARY }],
  ['GET /api/export', [404, 404, 200, 200, 404, 404, 404]],
  ['GET /api/conversations/{conversation}', ofOwner()],
  ['GET /api/conversations/{conversation}/export', ofOwner()],
  ['POST /api/conversations/{conversation}/turns', ofOwner(201), ask],
  ['GET /api/turns/{turn}/events', ofOwner()],
  ['POST /api/turns/{turn}/stop', ofOwner(202)],
  ['POST /api/turns/{turn}/contest', ofOwner(201), contest],
  ['GET /api/record', all(200)],
  ['GET /api/record/days.csv', all(200)],
  ['GET /api/record/entries', all(200)],
  ['GET /api/console/overview', ofStaff()],
  ['GET /api/console/backends', ofStaff()],
  ['GET /api/console/entries', ofStaff()],
  ['GET /api/console/entries.csv', ofStaff()],
  ['GET /api/console/entries/decisions-2026h2/0', ofStaff()],
  ['GET /api/console/cases', ofStaff()],
  ['GET /api/console/charter', ofStaff()],
  ['GET /api/console/policies', ofStaff()],
  ['GET /api/console/grid', ofStaff()],
  ['POST /api/console/decide', ofStaff(400)],
  ['POST /api/console/playground', ofStaff(400)],
  ['GET /api/console/usage', ofStaff()],
  ['GET /api/console/usage.csv', ofStaff()],
  ['GET /api/console/usage-focus.csv', ofStaff()],
  ['GET /api/console/budgets', ofStaff()],
  ['GET /api/console/keys', ofStaff()],
  ['GET /api/console/tenants', ofStaff()],
  ['POST /api/console/keys', ofAdministrators(201), key],
  ['DELETE /api/console/keys/{key}', ofAdministrators(200)],
  ['GET /assets/nothing.js', all(404)],
  ['DELETE /api/conversations/{conversation}', ofOwner(204)],
  ['DELETE /api/conversations', all(204)],
  ['DELETE /api/session', all(204)],
];

const pages = [
  '/',
  '/c/{conversation}',
  '/conversations',
  '/record',
  '/record/entries',
  '/console',
  '/privacy',
  '/help',
];
const unsafe = table.filter(([line]) => /^(POST|DELETE) \/api/.test(line));
const readable = table.filter(([line]) => line.startsWith('GET ') && !line.includes('/events'));

test('the table has every route that the server has', () => {
  const matches = new Set(table.map(([line]) => line));
  for (const file of globSync('src/api/routes/*.ts', { cwd: root, exclude: (name) => name.endsWith('.test.ts') })) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, method = '', path = ''] of text.matchAll(
      /app\.(get|post|put|patch|delete)(?:<[\s\S]*?>)?\(\s*'([^']+)'/g,
    )) {
      const pattern = new RegExp(
        `^${method.toUpperCase()} ${path.replaceAll(/[.]/g, '\\.').replaceAll(/:\w+/g, '[^/]+').replace('*', '.+')}$`,
      );
      assert.ok(
        [...matches].some((line) => pattern.test(line)),
        `${method} ${path} in ${file} is not in the table`,
      );
    }
  }
});

test('what changes anything is refused without our origin or without JSON, whoever is signed in', async () => {
  const { headers, send, polity } = visitors;
  const cookie = `${headers.owner.cookie}; ${headers.administrator.cookie}`;
  for (const [line, , body] of unsafe) {
    for (const origin of ['https://evil.example', 'null', `${polity.url}.evil.example`, ''])
      assert.equal((await send(line, { cookie, origin }, body)).status, 403, `${line} from \`${origin}\``);
    const form = await send(line, { cookie, 'content-type': 'text/plain' }, body);
    assert.ok([403, 415].includes(form.status), `${line} as a form: ${form.status}`);
  }
  assert.equal((await send('GET /api/conversations/{conversation}', headers.owner)).status, 200, 'nothing was deleted');
});

test('no other visitor and no public answer has a byte of the owner’s question, ids, salts or case', async () => {
  const { headers, send, ids } = visitors;
  const receipt = (await (await send('GET /v1/receipts/{receipt}', {})).json()) as { salt: string };
  const secrets = [CANARY, ids.conversation, ids.turn, ids.receipt, receipt.salt].map(String);
  for (const [line] of readable) {
    if (line.includes('/v1/receipts/')) continue;
    for (const name of visitorNames.filter((one) => one !== 'owner')) {
      const answer = await send(line, headers[name]);
      const text = (await answer.text()) + JSON.stringify([...answer.headers]);
      for (const secret of secrets) assert.ok(!text.includes(secret), `${line} tells ${name} of \`${secret}\``);
    }
  }
});

test('each visitor gets from each route what the table says', async () => {
  const { headers, send } = visitors;
  for (const [line, statuses, body] of table) {
    const got: number[] = [];
    for (const name of visitorNames) {
      const answer = await send(line, headers[name], body);
      got.push(answer.status);
      await answer.body?.cancel();
    }
    // What was created or deleted by the first of several is there or gone for the next.
    assert.deepEqual(got, statuses, line);
  }
});

test('a session is made new at each sign-in, hidden from scripts, and dead when it is ended', async () => {
  const { send, signIn } = visitors;
  const chosen = { cookie: 'polity_session=chosen-by-somebody' };
  const session = await signIn('auditor', chosen);
  assert.notEqual(session.cookie, chosen.cookie);
  assert.equal((await send('GET /api/session', chosen)).status, 401);
  assert.equal((await send('GET /api/session', session)).status, 200);
  const again = await signIn('auditor', session);
  assert.notEqual(again.cookie, session.cookie);
  const ended = await send('DELETE /api/session', session);
  assert.match(ended.headers.get('set-cookie') ?? '', /Max-Age=0/);
  assert.equal((await send('GET /api/session', session)).status, 401);
  const guest = await send('POST /api/guest', {});
  assert.match(guest.headers.get('set-cookie') ?? '', /; HttpOnly; SameSite=Lax; Path=\/api;/);
  assert.equal((await send('GET /v1/models', cookieOf(guest))).status, 401, 'a cookie opens nothing under /v1');
});

test('no page can be framed, none names another server, and no answer is guessed to be something else', async () => {
  const { headers, send } = visitors;
  for (const path of pages) {
    const page = await send(`GET ${path}`, {});
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/, path);
    assert.equal(page.headers.get('x-frame-options'), 'DENY', path);
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer', path);
    assert.doesNotMatch(await page.text(), /https?:\/\//, `${path} names another server`);
  }
  for (const [line] of [...readable, ...pages.map((path) => [`GET ${path}`] as const)]) {
    const answer = await send(line, headers.administrator);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', line);
    await answer.body?.cancel();
  }
});

test('no address leads anywhere else, comes back as a script, or writes a header', async () => {
  const { polity } = visitors;
  const hostile = [
    '//evil.example',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '/%2f%2fevil.example',
    '/%5cevil.example',
    '/?next=https://evil.example',
    '/console?return=//evil.example',
    '/record/receipt/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
    '/problems/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
    '/problems/<script>alert(1)</script>',
    '/assets/..%2f..%2fpackage.json',
    '/nowhere/<script>alert(1)</script>',
    '/api/record/entries?limit=<script>alert(1)</script>',
    '/api/record/entries?before=%0d%0aset-cookie:%20a=b',
    '/%0d%0aset-cookie:%20a=b',
    '/v1/receipts/%00',
  ];
  for (const path of hostile) {
    for (const accept of ['text/html', 'application/json']) {
      const answer = await fetch(polity.url + path, { redirect: 'manual', headers: { accept } });
      assert.ok(answer.status < 300 || answer.status >= 400, `${path} leads to ${answer.headers.get('location')}`);
      assert.equal(answer.headers.get('set-cookie'), null, path);
      const text = await answer.text();
      const isPage = /html/.test(answer.headers.get('content-type') ?? '');
      assert.ok(!isPage || !text.includes('<script>alert'), `${path} comes back as a script`);
      assert.ok(!text.includes('"dependencies"'), `${path} reads the disk`);
    }
  }
});

test('what people wrote comes back as data: JSON that is not sniffed, or a file to save', async () => {
  const { send } = visitors;
  const me = cookieOf(await send('POST /api/guest', {}));
  const script = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  const made = await send('POST /api/conversations', me, { ...ask, question: script });
  const { conversation } = (await made.json()) as { conversation: string };
  for (const path of ['/api/conversations', `/api/conversations/${conversation}`]) {
    const answer = await send(`GET ${path}`, me);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  }
  for (const format of ['json', 'markdown']) {
    const file = await send(`GET /api/export?format=${format}`, me);
    assert.match(file.headers.get('content-disposition') ?? '', /^attachment/, format);
    assert.doesNotMatch(file.headers.get('content-type') ?? '', /html/, format);
  }
});
