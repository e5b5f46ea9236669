import { awsFrame, cities, type Json, type ProviderWire } from './wire.ts';

/** docs.aws.amazon.com, Converse and ConverseStream */
const counted = { usage: { inputTokens: 7, outputTokens: 2, totalTokens: 9 }, metrics: { latencyMs: 5 } };
const whole = (content: unknown[], stopReason: string) => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  ...counted,
});
const frame = (type: string, payload: Json) => awsFrame(type, { ...payload, p: 'abcdef' });
const start = frame('messageStart', { role: 'assistant' });
const end = (stopReason: string) => [frame('metadata', counted), frame('messageStop', { stopReason })];
const text = (...words: string[]) => [
  ...words.map((word) => frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: word } })),
  frame('contentBlockStop', { contentBlockIndex: 0 }),
];

export const bedrockWire: ProviderWire = {
  dialect: 'bedrock',
  model: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  mediaType: 'application/vnd.amazon.eventstream',
  whole: {
    text: whole([{ text: 'Tere, maailm' }], 'end_turn'),
    tools: whole(
      cities.map((city) => ({ toolUse: { toolUseId: `tooluse_${city}`, name: 'weather', input: { city } } })),
      'tool_use',
    ),
    refused: whole([{ text: 'Ei' }], 'guardrail_intervened'),
  },
  stream: {
    text: [start, ...text('Tere, ', 'maailm'), ...end('end_turn')],
    tools: [
      start,
      ...cities.flatMap((city, contentBlockIndex) => [
        frame('contentBlockStart', {
          contentBlockIndex,
          start: { toolUse: { toolUseId: `tooluse_${city}`, name: 'weather' } },
        }),
        ...['{"city":', `"${city}"}`].map((input) =>
          frame('contentBlockDelta', { contentBlockIndex, delta: { toolUse: { input } } }),
        ),
        frame('contentBlockStop', { contentBlockIndex }),
      ]),
      ...end('tool_use'),
    ],
    refused: [start, ...text('Ei'), ...end('guardrail_intervened')],
  },
  broken: [start, ...text('Tere, '), awsFrame('throttlingException', { message: 'Too many' }, 'exception')],
  error: {
    body: { message: 'because' },
    headers: { 'x-amzn-errortype': 'SomeException:http://internal.amazon.com/coral/' },
  },
  errorCode: 'SomeException',
  isStream: (path) => path.endsWith('/converse-stream'),
  image: '{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}',
  schema: '"output_config":{"format":{"type":"json_schema"',
};
