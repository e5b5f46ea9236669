import { cities, type Json, type ProviderWire, sse } from './wire.ts';

/** platform.claude.com, Messages and streaming */
const usage = { input_tokens: 5, cache_read_input_tokens: 2, cache_creation_input_tokens: 0, output_tokens: 2 };
const message = (content: unknown[], stop_reason: string | null) => {
  const base = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', stop_sequence: null };
  return { ...base, content, stop_reason, usage };
};
const event = (value: { type: string; [key: string]: unknown }) => sse(value, value.type);
const start = event({ type: 'message_start', message: message([], null) });
const end = (stop_reason: string) => [
  event({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 2 } }),
  event({ type: 'message_stop' }),
];
const block = (index: number, content_block: Json, deltas: Json[]) => [
  event({ type: 'content_block_start', index, content_block }),
  ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
  event({ type: 'content_block_stop', index }),
];
const text = (...words: string[]) =>
  block(
    0,
    { type: 'text', text: '' },
    words.map((word) => ({ type: 'text_delta', text: word })),
  );

export const anthropicWire: ProviderWire = {
  dialect: 'anthropic',
  model: 'claude-sonnet-4-5',
  mediaType: 'text/event-stream',
  whole: {
    text: message([{ type: 'text', text: 'Tere, maailm' }], 'end_turn'),
    tools: message(
      cities.map((city) => ({ type: 'tool_use', id: `toolu_${city}`, name: 'weather', input: { city } })),
      'tool_use',
    ),
    refused: message([{ type: 'text', text: 'Ei' }], 'refusal'),
  },
  stream: {
    text: [start, event({ type: 'ping' }), ...text('Tere, ', 'maailm'), ...end('end_turn')],
    tools: [
      start,
      ...cities.flatMap((city, index) =>
        block(index, { type: 'tool_use', id: `toolu_${city}`, name: 'weather', input: {} }, [
          { type: 'input_json_delta', partial_json: '{"city":' },
          { type: 'input_json_delta', partial_json: `"${city}"}` },
        ]),
      ),
      ...end('tool_use'),
    ],
    refused: [start, ...text('Ei'), ...end('refusal')],
  },
  broken: [
    start,
    ...text('Tere, '),
    event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  ],
  error: { body: { type: 'error', error: { type: 'some_error', message: 'because' } } },
  errorCode: 'some_error',
  isStream: (_path, body) => body.stream === true,
  image: '"source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}',
  schema: '"output_config":{"format":{"type":"json_schema"',
};
