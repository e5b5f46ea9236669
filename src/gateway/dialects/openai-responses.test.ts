import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { Problem } from '../../kit/index.ts';
import type { KeptResponse } from '../../vault/schema.ts';
import type { Inquiry, Shelf } from '../dialect.ts';
import { openaiResponses } from './openai-responses.ts';

type Json = Record<string, unknown>;

async function parse(body: Json, shelf: Shelf | null = null): Promise<Inquiry> {
  const bytes = Buffer.from(JSON.stringify({ model: 'm', input: 'a', ...body }));
  return await openaiResponses.parse({ bytes, contentType: 'application/json', jsonDepthMax: 64, wallMs: 0, shelf });
}

const [backend] = putInForce(exampleBytes()).charter.backends;

/** What an OpenAI-compatible backend is asked. */
async function chatOf(body: Json, shelf: Shelf | null = null): Promise<Json> {
  assert.ok(backend);
  const { body: bytes } = (await parse(body, shelf)).ask({ ...backend, dialect: 'openai', lacks: [] });
  return JSON.parse(Buffer.from(bytes).toString());
}

async function messagesOf(input: unknown, shelf: Shelf | null = null): Promise<unknown> {
  return (await chatOf({ input }, shelf)).messages;
}

async function refuses(body: Json, param: string, says: RegExp = /./): Promise<void> {
  await assert.rejects(parse(body), (error: Problem) => {
    assert.ok(error instanceof Problem, String(error));
    assert.deepEqual([error.extras.param, error.status], [param, 400], error.detail);
    assert.match(error.detail, says);
    return true;
  });
}

const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
const result = (id: string, output: unknown = 'rain') => ({ type: 'function_call_output', call_id: id, output });
const chatCall = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const user = { role: 'user', content: 'Weather?' };
const said = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' };
const chatImage = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } };
const named = (name: string) => ({ type: 'function', name, parameters: { type: 'object' }, strict: false });

test('tools that a provider runs, and custom ones, are refused by their place before the call; functions pass', async () => {
  for (const type of ['web_search', 'file_search', 'custom', 'mcp', 'code_interpreter'])
    await refuses({ tools: [named('f'), { type, name: 'x' }] }, 'tools[1]', new RegExp(type));
  const { tools } = await chatOf({ tools: [named('f')] });
  assert.deepEqual(tools, [
    { type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: false } },
  ]);
});

test('results of tools follow the calls directly, whatever was said between them', async () => {
  const asked = { role: 'assistant', content: 'I look.', tool_calls: [chatCall('c1'), chatCall('c2')] };
  const answered = ['c1', 'c2'].map((id) => ({ role: 'tool', tool_call_id: id, content: 'rain' }));
  const orders = [
    [user, said('I look.'), call('c1'), call('c2'), result('c1'), result('c2')],
    [user, call('c1'), said('I look.'), call('c2'), result('c1'), result('c2')],
    [user, call('c1'), call('c2'), said('I look.'), result('c1'), result('c2')],
    [user, call('c1'), call('c2'), result('c1'), said('I look.'), result('c2')],
  ];
  for (const order of orders) assert.deepEqual(await messagesOf(order), [user, asked, ...answered]);
  const later = { role: 'user', content: 'And?' };
  // A call that nobody answered holds nothing up, also where a server gives every first call the same id.
  const again = [call('c1'), result('c1'), user, call('c1'), later, said('Well.')];
  assert.deepEqual(
    ((await messagesOf(again)) as Json[]).map(({ role }) => role),
    ['assistant', 'tool', 'user', 'assistant', 'user', 'assistant'],
  );
  assert.deepEqual(await messagesOf([user, call('c1'), later, said('Well.')]), [
    user,
    { role: 'assistant', content: null, tool_calls: [chatCall('c1')] },
    later,
    { role: 'assistant', content: 'Well.' },
  ]);
  assert.deepEqual(await messagesOf([user, call('c1'), later, result('c1')]), [
    user,
    { role: 'assistant', content: null, tool_calls: [chatCall('c1')] },
    { role: 'tool', tool_call_id: 'c1', content: 'rain' },
    later,
  ]);
});

test('calls that follow their predecessors’ results stay calls of their own', async () => {
  const messages = (await messagesOf([user, call('c1'), result('c1'), call('c2'), result('c2')])) as Json[];
  assert.deepEqual(
    messages.map(({ role }) => role),
    ['user', 'assistant', 'tool', 'assistant', 'tool'],
  );
});

test('images in results of tools go in a message behind all results, and count as a need by their place', async () => {
  const output = [{ type: 'input_text', text: 'a map' }, image];
  const input = [user, call('c1'), call('c2'), result('c1', output), result('c2')];
  assert.deepEqual(((await messagesOf(input)) as Json[]).slice(2), [
    { role: 'tool', tool_call_id: 'c1', content: 'a map' },
    { role: 'tool', tool_call_id: 'c2', content: 'rain' },
    { role: 'user', content: [chatImage] },
  ]);
  const { needs, mediaTokens } = await parse({ input });
  assert.deepEqual(
    needs.find(({ name }) => name === 'image_url'),
    { name: 'image_url', param: 'input[3]' },
  );
  assert.ok(mediaTokens > 0);
});

test('needs are named by where they stand in a Responses request', async () => {
  const { needs } = await parse({
    input: [{ role: 'user', content: [image] }],
    reasoning: { effort: 'low' },
    text: { format: { type: 'json_object' }, verbosity: 'low' },
  });
  assert.deepEqual(needs, [
    { name: 'response_format', param: 'text.format' },
    { name: 'reasoning_effort', param: 'reasoning.effort' },
    { name: 'verbosity', param: 'text.verbosity' },
    { name: 'image_url', param: 'input[0]' },
  ]);
});

test('parts that a chat cannot hold are refused by their place; what is legal passes', async () => {
  const inside = (part: Json) => ({
    input: [user, { role: 'user', content: [{ type: 'input_text', text: 'a' }, part] }],
  });
  const place = 'input[1].content[1]';
  await refuses(inside({ type: 'input_image', file_id: 'file-1', detail: 'auto' }), `${place}.file_id`, /image_url/);
  await refuses(inside({ ...image, detail: 'original' }), `${place}.detail`);
  await refuses(inside({ type: 'input_file', file_id: 'file-1' }), `${place}.file_id`, /file_data/);
  await refuses(inside({ type: 'input_file', file_url: 'https://a' }), `${place}.file_url`, /file_data/);
  await refuses(inside({ type: 'input_file' }), place, /file_data/);
  await refuses(inside({ type: 'input_text' }), `${place}.text`);
  await refuses(inside({ type: 'computer_screenshot' }), place, /computer_screenshot/);
  await refuses({ input: [{ role: 'assistant', content: [image] }] }, 'input[0].content[0]', /input_image/);
  await refuses(
    { input: [call('c1'), result('c1', [{ type: 'input_file', file_id: 'f' }])] },
    'input[1].output[0].file_id',
  );
  await refuses({ input: [{ type: 'function_call', name: 'f', arguments: '' }] }, 'input[0].call_id');
  await refuses({ input: [{ type: 'computer_call' }] }, 'input[0]', /computer_call/);
  const file = { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' };
  assert.deepEqual(await messagesOf([{ role: 'user', content: [{ type: 'input_text', text: 'a' }, image, file] }]), [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        chatImage,
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
      ],
    },
  ]);
});

test('what would be another answer than was asked for is refused by name', async () => {
  const asked = {
    background: true,
    conversation: 'c',
    prompt: { id: 'p' },
    truncation: 'auto',
    moderation: { model: 'm' },
  };
  for (const [param, value] of Object.entries(asked)) await refuses({ [param]: value }, param);
  await refuses({ context_management: [{ type: 'compaction' }] }, 'context_management');
  await refuses({ input: undefined }, 'input', /input/);
  await parse({ truncation: 'disabled', background: false, max_tool_calls: 3, context_management: [] });
  const { messages } = await chatOf({ input: undefined, instructions: 'Say hello.' });
  assert.deepEqual(messages, [{ role: 'system', content: 'Say hello.' }]);
});

test('of allowed tools only these are sent, with their mode', async () => {
  const tools = [named('a'), named('b')];
  const choice = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'b' }] };
  const chat = await chatOf({ tools, tool_choice: choice });
  assert.deepEqual(
    (chat.tools as { function: Json }[]).map((tool) => tool.function.name),
    ['b'],
  );
  assert.equal(chat.tool_choice, 'required');
  await refuses(
    { tools, tool_choice: { ...choice, tools: [{ type: 'function', name: 'c' }] } },
    'tool_choice.tools[0]',
  );
  await refuses({ tools, tool_choice: { ...choice, tools: [] } }, 'tool_choice.tools');
  await refuses({ tools, tool_choice: { type: 'web_search' } }, 'tool_choice');
  await refuses({ tool_choice: 'required' }, 'tool_choice');
});

test('log probabilities are asked for, fields with the same meaning are carried, what has none is named', async () => {
  const include = ['message.output_text.logprobs', 'reasoning.encrypted_content'];
  const body = {
    include,
    top_logprobs: 2,
    safety_identifier: 's',
    service_tier: 'flex',
    reasoning: { summary: 'auto' },
  };
  const chat = await chatOf(body);
  assert.deepEqual(
    [chat.logprobs, chat.top_logprobs, chat.safety_identifier, chat.service_tier],
    [true, 2, 's', 'flex'],
  );
  const inquiry = await parse(body);
  assert.deepEqual(
    inquiry.needs.map(({ name, param }) => [name, param]),
    [
      ['logprobs', 'include'],
      ['top_logprobs', 'top_logprobs'],
    ],
  );
  assert.ok(backend);
  const [implied] = (await parse({ top_logprobs: 2 })).needs;
  assert.deepEqual(implied, { name: 'logprobs', param: 'top_logprobs' });
  assert.deepEqual(inquiry.ask(backend).dropped, ['include', 'reasoning.summary']);
});

/** A shelf that holds these. */
function shelfWith(...kept: readonly KeptResponse[]): Shelf & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    keeps: true,
    async load(id) {
      asked.push(id);
      const found = kept.find(({ response }) => response.id === id);
      if (found === undefined) throw new Problem('not-found', 'nothing', { param: 'previous_response_id' });
      return found;
    },
    async keep() {},
  };
}

const turn = (digit: string, classification: string, items: Json[]): KeptResponse => ({
  items,
  inputFrom: 0,
  inputTo: 0,
  response: { id: `resp_${digit.repeat(48)}` },
  classification,
});
const item = (digit: string, text: string) => ({ id: `msg_${digit.repeat(48)}0000`, ...said(text) });

test('an item that is named by its id is found in the kept response that it belongs to, with its class', async () => {
  const first = item('a', 'one');
  const second = item('b', 'two');
  const shelf = shelfWith(
    turn('a', 'public', [first]),
    turn('b', 'internal', [first, second]),
    turn('c', 'public; minor', [item('c', 'three')]),
  );
  const reference = ({ id }: { id: string }) => ({ type: 'item_reference', id });
  const input = [reference(item('c', '')), user, reference(first), user, { id: second.id }];
  assert.deepEqual(await messagesOf(input, shelf), [
    { role: 'assistant', content: 'three' },
    user,
    { role: 'assistant', content: 'one' },
    user,
    { role: 'assistant', content: 'two' },
  ]);
  // The newest conversation holds what led to it.
  assert.deepEqual(shelf.asked.length, 2);
  const inquiry = await parse({ input }, shelf);
  assert.deepEqual(inquiry.earlierClasses, ['internal', 'public; minor']);
  assert.ok(['one', 'two', 'three'].every((text) => inquiry.texts.reveal().includes(text)));
});

test('an item that is not kept is refused with what to send in its place', async () => {
  for (const [id, shelf] of [
    [item('d', '').id, shelfWith()],
    [`msg_${'a'.repeat(48)}0007`, shelfWith(turn('a', 'public', [item('a', 'one')]))],
    ['rs_of-elsewhere', shelfWith()],
    [item('a', '').id, null],
  ] as const) {
    await assert.rejects(parse({ input: [user, { type: 'item_reference', id }] }, shelf), (error: Problem) => {
      assert.deepEqual([error.code, error.extras.param], ['not-found', 'input[1]']);
      assert.match(error.detail, /`store: false`/);
      return true;
    });
  }
});
