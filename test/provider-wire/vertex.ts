import { cities, type ProviderWire, sse } from './wire.ts';

/** cloud.google.com, generateContent and streamGenerateContent of Vertex AI */
const usageMetadata = { promptTokenCount: 7, candidatesTokenCount: 2, totalTokenCount: 9 };
const piece = (parts: unknown[]) => ({ candidates: [{ content: { role: 'model', parts }, index: 0 }] });
const last = (parts: unknown[], finishReason: string) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
  usageMetadata,
  modelVersion: 'gemini',
  responseId: 'r1',
});
const calls = cities.map((city) => ({ functionCall: { name: 'weather', args: { city } } }));

export const vertexWire: ProviderWire = {
  dialect: 'vertex',
  model: 'gemini-2.5-flash',
  mediaType: 'text/event-stream',
  whole: {
    text: last([{ text: 'Tere, maailm' }], 'STOP'),
    tools: last(calls, 'STOP'),
    refused: last([{ text: 'Ei' }], 'SAFETY'),
  },
  stream: {
    text: [sse(piece([{ text: 'Tere, ' }])), sse(last([{ text: 'maailm' }], 'STOP'))],
    tools: [sse(piece([calls[0]])), sse(last([calls[1]], 'STOP'))],
    refused: [sse(piece([{ text: 'Ei' }])), sse(last([], 'SAFETY'))],
  },
  broken: [
    sse(piece([{ text: 'Tere, ' }])),
    sse({ error: { code: 503, message: 'The model is overloaded', status: 'UNAVAILABLE' } }),
  ],
  error: { body: { error: { code: 400, message: 'because', status: 'SOME_STATUS' } } },
  errorCode: 'SOME_STATUS',
  isStream: (path) => path.includes(':streamGenerateContent'),
  image: '{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}',
  schema: '"responseMimeType":"application/json","responseJsonSchema":',
};
