import { z } from 'zod';
import type { StreamReader } from '../dialect.ts';
import { knownFields } from '../wire/known-fields.ts';
import { eventReader } from './event-reader.ts';
import { fileReader } from './file-reader.ts';
import { isCount } from './openai-chat-chunk.ts';
import { modelName } from './openai-chat-schema.ts';
import { passThrough } from './pass-through.ts';

const schema = z.looseObject({
  model: modelName,
  input: z.string().min(1).max(40_000),
  voice: z.union([z.string(), z.looseObject({ id: z.string() })]),
  response_format: z.string().nullish(),
  stream_format: z.enum(['audio', 'sse']).nullish(),
});

const isAudio = (mediaType: string) => mediaType.startsWith('audio/') || mediaType === 'application/octet-stream';
const CHARACTERS_PER_TOKEN = 4;

/** Text read aloud. Billed by the characters of the text where the upstream says nothing: both in and out are this text. */
export const openaiSpeech = passThrough({
  endpoint: '/v1/audio/speech',
  path: '/audio/speech',
  mode: 'speech',
  schema,
  what: 'a request for speech',
  known: knownFields.speech,
  said: ({ input, instructions }) => [input, instructions],
  describe: ({ input, stream_format }) => ({ stream: stream_format === 'sse', maxOutputTokens: input.length }),
  answer: ({ input, stream_format }) => {
    const counted = Math.ceil(input.length / CHARACTERS_PER_TOKEN);
    return {
      accepts: stream_format === 'sse' ? (mediaType) => mediaType === 'text/event-stream' : isAudio,
      reader:
        stream_format === 'sse'
          ? speechReader(counted)
          : fileReader({ textDigests: [], finishReason: 'stop', usage: null, counted }),
      isFile: stream_format !== 'sse',
      readWhole: () => null,
    };
  },
});

function speechReader(counted: number): StreamReader {
  return eventReader({
    last: 'speech.audio.done',
    note: (event, notes) => {
      const { input_tokens, output_tokens } = (event.usage ?? {}) as {
        input_tokens?: unknown;
        output_tokens?: unknown;
      };
      if (isCount(input_tokens) && isCount(output_tokens))
        notes.usage = { promptTokens: input_tokens, completionTokens: output_tokens };
    },
    count: () => counted,
  });
}
