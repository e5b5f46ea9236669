import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { walkPath } from '../../../test/walk-path.ts';

const inForce = putInForce(exampleBytes());
const messages = [{ role: 'user', content: 'Tere' }];

test('the very bytes that came are kept beside what they say', async () => {
  const body = { model: 'auto', messages, stream: true };
  const { exchange, read } = walkPath(inForce, { body });
  const { requestBytes, inquiry } = await read();
  assert.equal(Buffer.from(requestBytes).toString(), JSON.stringify(body));
  assert.deepEqual([inquiry.requestedModel, inquiry.stream], ['auto', true]);
  const { requestedModel, stream, bodyBytes } = exchange.event;
  assert.deepEqual([requestedModel, stream, bodyBytes], ['auto', true, requestBytes.length]);
});

test('a model that the charter does not name is 404, and its name, the words of a caller, is in no log', async () => {
  const { exchange, read } = walkPath(inForce, { body: { model: 'my-secret-name', messages } });
  await assert.rejects(read(), { code: 'unknown-model', status: 404, extras: { param: 'model' } });
  assert.equal(JSON.stringify(exchange.event).includes('my-secret-name'), false);
});

test('a body deeper than the charter allows is refused before anything is made of it', async () => {
  const depth = inForce.charter.country.bounds.jsonDepthMax;
  let deep: unknown = 1;
  for (let level = 0; level < depth; level++) deep = [deep];
  const { read } = walkPath(inForce, { body: { model: 'auto', messages, metadata: deep } });
  await assert.rejects(read(), { code: 'malformed-json' });
});
