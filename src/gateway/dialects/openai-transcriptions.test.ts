import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FormPart, putForm } from '../../../test/put-form.ts';
import { openaiTranscriptions } from './openai-transcriptions.ts';

const recording = new Blob([new Uint8Array(400)], { type: 'audio/mpeg' });

async function put(...parts: FormPart[]) {
  const { inquiry, asking } = await putForm(openaiTranscriptions, [['file', recording], ...parts]);
  const { body, headers, dropped } = asking;
  const sent = await new Response(new Uint8Array(body), { headers: { ...headers } }).formData();
  return { inquiry, dropped, sent: [...sent.keys()].sort() };
}

test('the upstream gets the model that was decided and no other, whatever else is called like it', async () => {
  for (const name of ['model[]', 'Model', 'MODEL[]']) {
    const { sent, dropped, inquiry } = await put([name, 'gpt-evil']);
    assert.deepEqual([sent, dropped, inquiry.requestedModel], [['file', 'model'], [name], 'auto'], name);
    await assert.rejects(put(['model', 'auto'], [name, 'gpt-evil']), {
      code: 'invalid-request',
      extras: { param: 'model' },
    });
  }
  await assert.rejects(put(['stream', 'false'], ['stream[]', 'true']), { extras: { param: 'stream' } });
});

test('lists come as often as they have members, with brackets or without', async () => {
  const { sent, dropped } = await put(
    ['timestamp_granularities[]', 'word'],
    ['timestamp_granularities[]', 'segment'],
    ['keywords', 'Tallinn'],
    ['keywords', 'Tartu'],
  );
  assert.deepEqual(dropped, []);
  assert.deepEqual(sent, [
    'file',
    'keywords',
    'keywords',
    'model',
    'timestamp_granularities[]',
    'timestamp_granularities[]',
  ]);
});

test('words that come as a file, into which no detector looks, are refused', async () => {
  const words = new Blob(['Minu isikukood on 37605030299']);
  await assert.rejects(put(['prompt', words]), { code: 'invalid-request', extras: { param: 'prompt' } });
  assert.deepEqual((await put(['stray', words])).dropped, ['stray']);
});

test('a form of very many parts is refused before any is made', async () => {
  const many = Array.from({ length: 1_001 }, (_, at): [string, string] => ['keywords', String(at)]);
  await assert.rejects(put(...many), { code: 'invalid-request', message: /more than 1000 parts/ });
  assert.equal((await put(...many.slice(0, 900))).sent.length, 902);
});
