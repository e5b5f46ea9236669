import { cities, type ProviderWire, sse } from './wire.ts';

/** docs.mistral.ai, chat completions */
const base = { id: 'm1', created: 1_790_000_000, model: 'mistral' };
const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
const calls = cities.map((city, index) => ({
  id: `call${city}`.padEnd(9, '0').slice(0, 9) + index,
  function: { name: 'weather', arguments: `{"city":"${city}"}` },
  index,
}));
const whole = (message: object, finish_reason: string) => ({
  ...base,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
  usage,
});
const chunk = (delta: object, finish_reason: string | null = null) =>
  sse({
    ...base,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason }],
    ...(finish_reason === null ? {} : { usage }),
  });
const start = chunk({ role: 'assistant', content: '' });

export const mistralWire: ProviderWire = {
  dialect: 'mistral',
  model: 'mistral-small-latest',
  mediaType: 'text/event-stream',
  whole: {
    text: whole({ content: 'Tere, maailm' }, 'stop'),
    tools: whole({ content: '', tool_calls: calls }, 'tool_calls'),
    refused: whole({ content: 'Ei' }, 'content_filter'),
  },
  stream: {
    text: [start, chunk({ content: 'Tere, ' }), Buffer.concat([chunk({ content: 'maailm' }, 'stop'), sse('[DONE]')])],
    tools: [start, Buffer.concat([chunk({ content: '', tool_calls: calls }, 'tool_calls'), sse('[DONE]')])],
    refused: [start, Buffer.concat([chunk({ content: 'Ei' }, 'content_filter'), sse('[DONE]')])],
  },
  broken: [
    start,
    chunk({ content: 'Tere, ' }),
    sse({ object: 'error', message: 'Service unavailable', type: 'unavailable', param: null, code: '3000' }),
  ],
  error: { body: { object: 'error', message: 'because', type: 'some_error', param: null, code: '1000' } },
  errorCode: '1000',
  isStream: (_path, body) => body.stream === true,
  image: '{"type":"image_url","image_url":"data:image/png;base64,iVBORw0KGgo="}',
  schema: '"response_format":{"type":"json_schema","json_schema":{',
};
