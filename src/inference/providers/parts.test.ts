import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerAs, chatBody, openWire, refusedParam, runChat, streamed } from '../../../test/call-provider.ts';
import { anthropicWire } from '../../../test/provider-wire/anthropic.ts';
import { bedrockWire } from '../../../test/provider-wire/bedrock.ts';
import { cohereWire } from '../../../test/provider-wire/cohere.ts';
import { mistralWire } from '../../../test/provider-wire/mistral.ts';
import { vertexWire } from '../../../test/provider-wire/vertex.ts';
import { awsFrame, type Json, type ProviderWire, sse } from '../../../test/provider-wire/wire.ts';

const pdf = { type: 'file', file: { filename: 'akt.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } };
const wav = { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } };
const image = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } };

const carried: readonly [ProviderWire, object, string][] = [
  [anthropicWire, pdf, '{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}'],
  [anthropicWire, image, '{"type":"url","url":"https://example.org/a.png"}'],
  [bedrockWire, pdf, '{"document":{"format":"pdf"'],
  [vertexWire, pdf, '{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}}'],
  [vertexWire, wav, '{"inlineData":{"mimeType":"audio/wav","data":"UklGRg=="}}'],
  [vertexWire, image, '"fileUri":"https://example.org/a.png"'],
  [mistralWire, pdf, '"document_url"'],
  [cohereWire, image, '"url":"https://example.org/a.png"'],
];
const refused: readonly [ProviderWire, object, string][] = [
  [anthropicWire, wav, 'messages'],
  [bedrockWire, image, 'image_url'],
  [bedrockWire, wav, 'messages'],
  [mistralWire, wav, 'messages'],
  [anthropicWire, { type: 'file', file: { file_id: 'file-1' } }, 'file'],
];

const asking = (wire: ProviderWire, part: object) => chatBody(wire, { messages: [{ role: 'user', content: [part] }] });

test('documents, sounds and images at an address reach the providers that take them', async (t) => {
  for (const [wire, part, expected] of carried) {
    const { port, asked } = await openWire(t, wire, answerAs(wire, 'text'));
    const { start, text } = await runChat(port, asking(wire, part));
    assert.equal(start?.status, 200, `${wire.dialect}: ${text}`);
    assert.ok(asked[0]?.text.includes(expected), `${wire.dialect}: ${asked[0]?.text}`);
  }
});

test('parts that a provider does not take are refused before anything is sent', async (t) => {
  for (const [wire, part, param] of refused) {
    const { port, asked } = await openWire(t, wire, answerAs(wire, 'text'));
    assert.equal(await refusedParam(port, asking(wire, part)), param, wire.dialect);
    assert.equal(asked.length, 0);
  }
});

const block = (type: string, more: object) => sse({ type, index: 0, ...more }, type);
const thoughts: Readonly<Record<string, readonly [ProviderWire, readonly Buffer[]]>> = {
  anthropic: [
    anthropicWire,
    [
      block('content_block_start', { content_block: { type: 'thinking', thinking: '' } }),
      block('content_block_delta', { delta: { type: 'thinking_delta', thinking: 'Hm' } }),
      block('content_block_delta', { delta: { type: 'signature_delta', signature: 'c2ln' } }),
      block('content_block_stop', {}),
    ],
  ],
  bedrock: [
    bedrockWire,
    [
      awsFrame('contentBlockDelta', { contentBlockIndex: 9, delta: { reasoningContent: { text: 'Hm' } } }),
      awsFrame('contentBlockStop', { contentBlockIndex: 9 }),
    ],
  ],
  vertex: [
    vertexWire,
    [sse({ candidates: [{ content: { role: 'model', parts: [{ text: 'Hm', thought: true }] }, index: 0 }] })],
  ],
  cohere: [
    cohereWire,
    [
      sse({ type: 'content-start', index: 0, delta: { message: { content: { type: 'thinking', thinking: '' } } } }),
      sse({ type: 'content-delta', index: 0, delta: { message: { content: { thinking: 'Hm' } } } }),
      sse({ type: 'content-end', index: 0 }),
    ],
  ],
  mistral: [
    mistralWire,
    [
      sse({
        ...{ id: 'm1', created: 1, model: 'mistral', object: 'chat.completion.chunk' },
        choices: [
          {
            index: 0,
            delta: { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] },
            finish_reason: null,
          },
        ],
      }),
    ],
  ],
};

for (const [dialect, [wire, frames]] of Object.entries(thoughts)) {
  test(`${dialect}: what a model thinks comes apart from what it says`, async (t) => {
    const { port } = await openWire(t, wire, (response) => {
      const [first, ...rest] = wire.stream.text as [Buffer, ...Buffer[]];
      response.writeHead(200, { 'content-type': wire.mediaType });
      for (const frame of dialect === 'vertex' ? [...frames, first, ...rest] : [first, ...frames, ...rest])
        response.write(frame);
      response.end();
    });
    const { chunks, isDone } = await runChat(port, chatBody(wire, streamed));
    const said = (field: string) => chunks.map(({ choices }: Json) => choices[0]?.delta[field] ?? '').join('');
    assert.deepEqual([said('reasoning_content'), said('content'), isDone], ['Hm', 'Tere, maailm', true]);
  });
}
