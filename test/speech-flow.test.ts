import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openPath } from './open-path.ts';
import { startUpstream } from './recording-upstream.ts';

const closing: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closing.toReversed()) await close();
});

/** A path before an upstream whose answer the test writes piece by piece. */
async function open() {
  const begun = Promise.withResolvers<import('node:http').ServerResponse>();
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    begun.resolve(response);
  });
  const path = await openPath([upstream.url]);
  closing.push(path.close, upstream.close);
  return { path, upstream, begun: begun.promise };
}

const body = JSON.stringify({ model: 'auto', input: 'Tere, maailm!', voice: 'alloy' });

/** What a client sees, piece by piece. */
function ask(url: string) {
  const seen = { status: 0, type: '', bytes: Buffer.alloc(0), ended: '', receiptId: '' };
  const sent = request(`${url}/v1/audio/speech`, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
  });
  sent.on('error', () => {
    seen.ended ||= 'broken';
  });
  sent.on('response', (response) => {
    seen.status = response.statusCode ?? 0;
    seen.type = String(response.headers['content-type']);
    seen.receiptId = String(response.headers['x-receipt-id']);
    response.on('data', (piece: Buffer) => {
      seen.bytes = Buffer.concat([seen.bytes, piece]);
    });
    response.on('end', () => {
      seen.ended ||= 'whole';
    });
    response.on('error', () => {
      seen.ended ||= 'broken';
    });
  });
  sent.end(body);
  return { seen, leave: () => sent.destroy() };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !isTrue(); turn++) await delay(10);
  assert.ok(isTrue());
}

test('speech is heard before it is whole, and its last byte waits for the record', async () => {
  const { path, begun } = await open();
  const { seen } = ask(path.url);
  const upstream = await begun;
  upstream.write('first piece, ');
  await until(() => seen.bytes.length > 0);
  assert.deepEqual([seen.status, seen.type, seen.ended], [200, 'audio/mpeg', '']);
  const recorded = Promise.withResolvers<void>();
  path.recorder.beforeOutcome = async () => {
    await recorded.promise;
    return 'recorded';
  };
  upstream.end('last piece');
  await until(() => seen.bytes.toString() === 'first piece, last piec');
  assert.equal(seen.ended, '');
  recorded.resolve();
  await until(() => seen.ended !== '');
  assert.deepEqual([seen.bytes.toString(), seen.ended], ['first piece, last piece', 'whole']);
  const [statement] = path.recorder.statements();
  assert.equal(statement?.predicate.ended, 'complete');
  const salt = Buffer.from(statement?.predicate.salts['answer/wire'] ?? '', 'base64');
  const inner = createHash('sha256').update(seen.bytes).digest();
  assert.equal(
    statement?.subject.find(({ name }) => name === 'answer/wire')?.digest.polityCommitV1,
    createHash('sha256').update('polity-commit-v1\n').update(salt).update(inner).digest('hex'),
  );
});

test('speech that breaks off ends in a broken connection, never as if it were whole', async () => {
  const { path, begun } = await open();
  const { seen } = ask(path.url);
  const upstream = await begun;
  upstream.write('half of ');
  await until(() => seen.bytes.length > 0);
  upstream.destroy();
  await until(() => seen.ended !== '');
  assert.deepEqual([seen.bytes.toString(), seen.ended], ['half of', 'broken']);
  await until(() => path.recorder.statements().length === 1);
  assert.equal(path.recorder.statements()[0]?.predicate.ended, 'failed');
  assert.equal(path.held(), 0);
});

test('who stops listening frees the upstream within a second', async () => {
  const { path, upstream, begun } = await open();
  const { seen, leave } = ask(path.url);
  (await begun).write('first piece');
  await until(() => seen.bytes.length > 0);
  leave();
  const leftMs = performance.now();
  await until(() => upstream.aborted() === 1);
  assert.ok(performance.now() - leftMs < 1_000);
  await until(() => path.recorder.statements().length === 1);
  assert.equal(path.recorder.statements()[0]?.predicate.ended, 'unfinished');
});

test('an answer of one byte arrives', async () => {
  const { path, begun } = await open();
  const { seen } = ask(path.url);
  (await begun).end('x');
  await until(() => seen.ended !== '');
  assert.deepEqual([seen.bytes.toString(), seen.ended], ['x', 'whole']);
});
