import { cities, type ProviderWire, sse } from './wire.ts';

/** docs.cohere.com, API version 2: chat and its stream */
const usage = {
  billed_units: { input_tokens: 7, output_tokens: 2 },
  tokens: { input_tokens: 7, output_tokens: 2 },
};
const whole = (message: object, finish_reason: string) => ({
  id: 'c1',
  generation_id: 'c1',
  message: { role: 'assistant', ...message },
  finish_reason,
  usage,
});
const start = sse({ type: 'message-start', id: 'c1', delta: { message: { role: 'assistant', content: [] } } });
const end = (finish_reason: string) => sse({ type: 'message-end', delta: { finish_reason, usage } });
const text = (...words: string[]) => [
  sse({ type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } }),
  ...words.map((word) => sse({ type: 'content-delta', index: 0, delta: { message: { content: { text: word } } } })),
  sse({ type: 'content-end', index: 0 }),
];

export const cohereWire: ProviderWire = {
  dialect: 'cohere',
  model: 'command-a-03-2025',
  mediaType: 'text/event-stream',
  whole: {
    text: whole({ content: [{ type: 'text', text: 'Tere, maailm' }] }, 'COMPLETE'),
    tools: whole(
      {
        tool_calls: cities.map((city) => ({
          id: `weather_${city}`,
          type: 'function',
          function: { name: 'weather', arguments: `{"city":"${city}"}` },
        })),
      },
      'TOOL_CALL',
    ),
    refused: whole({ content: [{ type: 'text', text: 'Ei' }] }, 'CONTENT_FILTER'),
  },
  stream: {
    text: [start, ...text('Tere, ', 'maailm'), end('COMPLETE')],
    tools: [
      start,
      ...cities.flatMap((city, index) => [
        sse({
          type: 'tool-call-start',
          index,
          delta: {
            message: {
              tool_calls: { id: `weather_${city}`, type: 'function', function: { name: 'weather', arguments: '' } },
            },
          },
        }),
        ...['{"city":', `"${city}"}`].map((args) =>
          sse({
            type: 'tool-call-delta',
            index,
            delta: { message: { tool_calls: { function: { arguments: args } } } },
          }),
        ),
        sse({ type: 'tool-call-end', index }),
      ]),
      end('TOOL_CALL'),
    ],
    refused: [start, ...text('Ei'), end('CONTENT_FILTER')],
  },
  broken: [start, ...text('Tere, '), end('ERROR')],
  error: { body: { id: 'e1', message: 'because' } },
  errorCode: null,
  isStream: (_path, body) => body.stream === true,
  image: '{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}',
  schema: '"response_format":{"type":"json_object","json_schema":{',
};
