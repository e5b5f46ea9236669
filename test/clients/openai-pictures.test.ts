/** Pictures made from pictures, by OpenAI's official client: its form goes on as it came, but for the model. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { type OpenPath, openPath } from '../open-path.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
let path: OpenPath;
let client: OpenAI;
const model = 'smollm2-135m-instruct';

before(async () => {
  upstream = await startTalking();
  path = await openPath([{ url: upstream.url, more: 'upstreamModel: org/upstream' }]);
  client = new OpenAI({ baseURL: `${path.url}/v1`, apiKey: 'right', maxRetries: 0 });
});
after(async () => {
  await path.close();
  await upstream.close();
});

const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 0, 255]);
const picture = (name: string) => toFile(bytes, name, { type: 'image/png' });

/** What the upstream got: names of its parts, and the text of those that are none of files. */
async function lastForm(): Promise<[string, string][]> {
  const { headers, bytes: sent = Buffer.alloc(0) } = upstream.heard.at(-1) ?? { headers: {} };
  const form = await new Response(new Uint8Array(sent), {
    headers: { 'content-type': String(headers['content-type']) },
  }).formData();
  const parts: [string, string][] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') parts.push([name, value]);
    else parts.push([name, `${value.name} ${value.type} ${Buffer.from(await value.arrayBuffer()).equals(bytes)}`]);
  }
  return parts;
}

test('one picture, or several with a mask, become others, with the model that was decided', async () => {
  const one = await client.images.edit({ model, image: await picture('a.png'), prompt: 'a hat' });
  assert.deepEqual([one.data?.[0]?.b64_json, one.usage?.output_tokens], ['AAAA', 100]);
  assert.deepEqual(await lastForm(), [
    ['model', 'org/upstream'],
    ['image', 'a.png image/png true'],
    ['prompt', 'a hat'],
  ]);
  const image = [await picture('a.png'), await picture('b.png')];
  await client.images.edit({ model, image, mask: await picture('m.png'), prompt: 'a hat', n: 2, quality: 'low' });
  assert.deepEqual((await lastForm()).map(([name]) => name).sort(), [
    'image[]',
    'image[]',
    'mask',
    'model',
    'n',
    'prompt',
    'quality',
  ]);
  const { predicate } = path.recorder.statements().at(-1) ?? {};
  assert.deepEqual([predicate?.endpoint, predicate?.ended], ['/v1/images/edits', 'complete']);
  assert.equal(path.held(), 0);
});

test('a picture in the making is streamed, and ends with what it cost', async () => {
  const types: string[] = [];
  const stream = await client.images.edit({ model, image: await picture('a.png'), prompt: 'a hat', stream: true });
  for await (const event of stream) types.push(event.type);
  assert.deepEqual(types, ['image_edit.partial_image', 'image_edit.completed']);
  assert.equal(path.recorder.statements().at(-1)?.predicate.ended, 'complete');
});

test('what is missing or in the wrong form is refused by its name, before a byte is sent', async () => {
  const heard = upstream.heard.length;
  const image = await picture('a.png');
  const words = await toFile(Buffer.from('a hat'), 'a.txt', { type: 'text/plain' });
  const wrong: readonly (readonly [param: string, body: object])[] = [
    ['image', { prompt: 'a hat' }],
    ['image', { prompt: 'a hat', image: 'https://example.org/a.png' }],
    ['prompt', { image }],
    ['prompt', { image, prompt: words }],
    ['mask', { image, prompt: 'a hat', mask: 'a.png' }],
    ['n', { image, prompt: 'a hat', n: 0 }],
    ['n', { image, prompt: 'a hat', n: 'two' }],
  ];
  for (const [param, body] of wrong) {
    const told = `${param} ${Object.keys(body).join()}`;
    await assert.rejects(
      client.images.edit({ model, ...body } as never),
      (error: InstanceType<typeof OpenAI.BadRequestError>) => error.status === 400 && error.param === param,
      told,
    );
  }
  assert.equal(upstream.heard.length, heard);
});

test('a part that no client library knows is dropped and named', async () => {
  const { response } = await client.images
    .edit({ model, image: await picture('a.png'), prompt: 'a hat', strength: 0.5 } as never)
    .withResponse();
  assert.equal(response.headers.get('x-polity-dropped'), 'strength');
  assert.ok(!(await lastForm()).some(([name]) => name === 'strength'));
});

test('a picture is varied without words', async () => {
  const varied = await client.images.createVariation({ model, image: await picture('a.png') });
  assert.equal(varied.data?.[0]?.b64_json, 'AAAA');
  assert.deepEqual(await lastForm(), [
    ['model', 'org/upstream'],
    ['image', 'a.png image/png true'],
  ]);
});
