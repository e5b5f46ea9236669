import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend } from '../../charter/schema.ts';
import type { Inquiry } from '../dialect.ts';
import { findLack } from '../find-lack.ts';
import { anthropicMessages } from './anthropic-messages.ts';

type Body = Record<string, unknown>;

const chat = {
  model: 'm',
  dialect: 'openai',
  maxOutputTokens: 100,
  lacks: [] as string[],
  passes: [] as string[],
} as unknown as Backend;
const native = { ...chat, dialect: 'anthropic' } as Backend;

const question = { role: 'user', content: 'Tere' };
const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
const paper = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } };
const found = {
  type: 'search_result',
  title: 'Law',
  source: 'https://riik.example/law',
  content: [
    { type: 'text', text: 'One.' },
    { type: 'text', text: 'Two.' },
  ],
};
const result = (...content: object[]) => ({ type: 'tool_result', tool_use_id: 'a', content });
const use = { type: 'tool_use', id: 'a', name: 'look', input: {} };
const user = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const answered = (...content: object[]) => ({
  messages: [question, { role: 'assistant', content: [use] }, { role: 'user', content: [result(...content)] }],
});

function parse(body: Body): Inquiry {
  const text = JSON.stringify({ model: 'm', max_tokens: 9, messages: [question], ...body });
  return anthropicMessages.parse({
    bytes: Buffer.from(text),
    contentType: 'application/json',
    jsonDepthMax: 64,
    wallMs: 0,
    shelf: null,
  }) as Inquiry;
}
function ask(body: Body, backend: Backend = chat): { sent: Body; dropped: readonly string[] } {
  const { body: bytes, dropped } = parse(body).ask(backend);
  return { sent: JSON.parse(Buffer.from(bytes).toString()) as Body, dropped };
}
const messagesOf = (body: Body, backend?: Backend) => ask(body, backend).sent.messages as Body[];
const lack = (body: Body, backend: Partial<Backend> = {}) => {
  const need = findLack(parse(body), { ...chat, ...backend });
  return need === null ? null : [need.name, need.param];
};

test('pictures and papers inside the result of a tool are needs, and cost what they cost elsewhere', () => {
  const [image, file] = [{ lacks: ['image_url'] }, { lacks: ['file'] }];
  assert.deepEqual(lack(answered(picture), image), ['image_url', 'messages[2].content[0].content[0]']);
  assert.deepEqual(lack(answered(paper), file), ['file', 'messages[2].content[0].content[0]']);
  const inside = { type: 'document', source: { type: 'content', content: [picture] } };
  assert.deepEqual(lack(user(inside), image), ['image_url', 'messages[0].content[0].source.content[0]']);
  assert.equal(parse(answered(picture)).mediaTokens, parse(user(picture)).mediaTokens);
  assert.ok(parse(answered(paper)).mediaTokens > 0);
});

test('what a search found reaches a chat as its title, its source and its texts', () => {
  const words = 'Law\nhttps://riik.example/law\nOne.\nTwo.';
  assert.deepEqual(messagesOf(user(found)), [{ role: 'user', content: words }]);
  assert.deepEqual(messagesOf(answered({ type: 'text', text: 'Here:' }, found, picture)).slice(2), [
    { role: 'tool', tool_call_id: 'a', content: `Here:\n\n${words}` },
    { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
  ]);
  assert.equal(lack(user(found)), null);
});

test('tools and blocks that are Anthropic’s own go to a backend that speaks Messages, and to no other', () => {
  const table: [Body, string, string][] = [
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'web_search_20250305', 'tools[0]'],
    [{ tools: [{ type: 'computer_toolset_20260801' }] }, 'computer_toolset_20260801', 'tools[0]'],
    [user({ type: 'container_upload', file_id: 'f' }), 'container_upload', 'messages[0].content[0]'],
    [user(use), 'tool_use', 'messages[0].content[0]'],
    [answered({ type: 'tool_reference', tool_name: 'x' }), 'tool_reference', 'messages[2].content[0].content[0]'],
    [
      { messages: [question, { role: 'assistant', content: [{ type: 'server_tool_use', id: 'a' }] }] },
      'server_tool_use',
      'messages[1].content[0]',
    ],
    [
      user({ type: 'image', source: { type: 'file', file_id: 'f' } }),
      'image from file',
      'messages[0].content[0].source',
    ],
    [
      user({ type: 'document', source: { type: 'file', file_id: 'f' } }),
      'document from file',
      'messages[0].content[0].source',
    ],
    [
      user({ type: 'document', source: { type: 'url', url: 'https://riik.example/a.pdf' } }),
      'document from url',
      'messages[0].content[0].source',
    ],
    [{ stop_sequences: ['1', '2', '3', '4', '5'] }, 'more than 4 stop_sequences', 'stop_sequences'],
  ];
  for (const [body, name, param] of table) {
    assert.deepEqual(lack(body), [name, param]);
    assert.equal(lack(body, { dialect: 'anthropic' }), null, name);
    for (const [key, value] of Object.entries(body)) assert.deepEqual(ask(body, native).sent[key], value, name);
  }
});

test('a tool has a name, unless its type has one for it', () => {
  for (const type of [undefined, null, 'custom'])
    assert.throws(() => parse({ tools: [{ type, input_schema: {} }] }), { code: 'invalid-request' });
});

test('documents of text travel as text, with their title and what is said of them', () => {
  const titled = { type: 'document', title: 'Law', context: 'In force', citations: { enabled: false } };
  const documents = [
    [{ type: 'text', media_type: 'text/plain', data: 'One.' }, 'Law\nIn force\nOne.'],
    [{ type: 'content', content: 'One.' }, 'Law\nIn force\nOne.'],
    [
      {
        type: 'content',
        content: [
          { type: 'text', text: 'One.' },
          { type: 'text', text: 'Two.' },
        ],
      },
      null,
    ],
  ] as const;
  for (const [source, words] of documents) {
    const body = user({ ...titled, source });
    assert.equal(lack(body, { lacks: ['file'] }), null);
    const parts = ['Law\nIn force', 'One.', 'Two.'].map((text) => ({ type: 'text', text }));
    assert.deepEqual(messagesOf(body), [{ role: 'user', content: words ?? parts }]);
    assert.deepEqual(ask(body).dropped, []);
  }
  assert.deepEqual(messagesOf(user({ ...paper, title: 'a.pdf', context: 'In force' })), [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'In force' },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
      ],
    },
  ]);
});

test('a source without its bytes or its address is refused by name', () => {
  for (const [block, param] of [
    [{ type: 'image', source: { type: 'base64', data: 'AAAA' } }, 'messages[0].content[0].source.media_type'],
    [{ type: 'image', source: { type: 'url' } }, 'messages[0].content[0].source.url'],
    [{ type: 'document', source: { type: 'text' } }, 'messages[0].content[0].source.data'],
    [{ type: 'document', source: { type: 'content' } }, 'messages[0].content[0].source.content'],
    [{ type: 'document' }, 'messages[0].content[0].source.type'],
  ] as const)
    assert.throws(() => parse(user(block)), { code: 'invalid-request', extras: { param } });
});

test('a source of a type that nobody knows is Anthropic’s own, whatever it is called', () => {
  for (const type of ['hologram', 'constructor', '__proto__', 'toString'])
    assert.deepEqual(lack(user({ type: 'image', source: { type } })), [
      `image from ${type}`,
      'messages[0].content[0].source',
    ]);
});

test('effort, words to stop at and calls one at a time are needs, by the names of chat completions', () => {
  const effort = { output_config: { effort: 'high' } };
  assert.deepEqual(lack(effort, { lacks: ['reasoning_effort'] }), ['reasoning_effort', 'output_config.effort']);
  assert.deepEqual(lack({ stop_sequences: ['x'] }, { lacks: ['stop'] }), ['stop', 'stop_sequences']);
  assert.equal(lack({ stop_sequences: [] }, { lacks: ['stop'] }), null);
  const single = {
    tools: [{ name: 'look', input_schema: {} }],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  };
  const param = 'tool_choice.disable_parallel_tool_use';
  assert.deepEqual(lack(single, { dialect: 'bedrock' }), ['parallel_tool_calls', param]);
});

const thought = (signature?: string) => ({
  type: 'thinking',
  thinking: 'Hm',
  ...(signature == null ? {} : { signature }),
});
const said = { type: 'text', text: 'Tere' };
const thinking = (...blocks: object[]) => ({ messages: [question, { role: 'assistant', content: blocks }, question] });

test('thoughts that Anthropic did not sign are no thoughts to Anthropic; all others leave as they came', () => {
  for (const unsigned of [thought(''), thought()]) {
    const { sent, dropped } = ask(thinking(unsigned, thought('s'), said), native);
    assert.deepEqual(sent.messages, thinking(thought('s'), said).messages);
    assert.deepEqual(dropped, ['messages.thinking']);
  }
  assert.deepEqual(ask(thinking(thought('')), native).sent.messages, [question, question], 'no message is empty');
  const signed = thinking(thought('s'), said);
  assert.deepEqual(ask(signed, native), { sent: { model: 'm', max_tokens: 9, ...signed }, dropped: [] });
});

test('thoughts go to a chat backend whose entry passes them, and are named to who sent them otherwise', () => {
  const body = thinking(thought(''), said);
  const plain = ask(body);
  assert.deepEqual((plain.sent.messages as Body[])[1], { role: 'assistant', content: 'Tere' });
  assert.deepEqual(plain.dropped, ['messages.thinking']);
  const passed = ask(body, { ...chat, passes: ['reasoning_content'] });
  assert.deepEqual((passed.sent.messages as Body[])[1], {
    role: 'assistant',
    content: 'Tere',
    reasoning_content: 'Hm',
  });
  assert.deepEqual(passed.dropped, []);
});

test('what a chat has no word for is named to who sent it', () => {
  const cited = { ...paper, citations: { enabled: true } };
  const tools = [{ name: 'look', input_schema: {}, cache_control: { type: 'ephemeral' }, input_examples: [{}] }];
  const body = { top_k: 5, metadata: { user_id: 'u' }, service_tier: 'auto', guess: 1, tools, ...user(cited) };
  const { sent, dropped } = ask(body);
  assert.equal('top_k' in sent, false);
  assert.deepEqual([...dropped].sort(), [
    'guess',
    'messages.citations',
    'metadata',
    'service_tier',
    'tools.input_examples',
    'top_k',
  ]);
  const passed = ask({ top_k: 5 }, { ...chat, passes: ['top_k'] });
  assert.deepEqual([passed.sent.top_k, passed.dropped], [5, []]);
});

test('detectors read the words of a schema too', () => {
  const schema = { properties: { city: { description: 'Tartu' } } };
  const { texts } = parse({ output_config: { format: { type: 'json_schema', schema } } });
  assert.deepEqual(texts.reveal(), ['Tere', 'Tartu']);
});
