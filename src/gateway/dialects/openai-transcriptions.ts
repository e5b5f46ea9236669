import type { Backend } from '../../charter/schema.ts';
import { Problem, Sensitive, sha256Hex } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, RequestText, WholeAnswer } from '../dialect.ts';
import { checkFiles, type Form, readForm } from '../wire/read-form.ts';
import { parseWhole } from './openai-chat-whole.ts';
import { openaiErrorFrame } from './openai-error-frame.ts';
import { readTranscriptUsage, transcriptReader } from './transcript-reader.ts';

const LISTS = [
  ...['include', 'keywords', 'known_speaker_names', 'known_speaker_references', 'languages'],
  'timestamp_granularities',
];
const KNOWN = new Set([
  ...['file', 'model', 'chunking_strategy', 'language', 'prompt', 'response_format', 'stream', 'temperature'],
  ...LISTS.flatMap((name) => [name, `${name}[]`]),
]);
/** What recordings come to at most, in tokens: OpenAI's and Whisper's models count about 50 for a second; 16 kB/s is speech in MP3. */
const BYTES_PER_TOKEN = 160;
/** Spoken words in tokens of text, per token of audio. */
const TEXT_SHARE = 0.2;

/** A recording as text, in its language or in English. */
export const openaiTranscriptions = recording('/v1/audio/transcriptions', '/audio/transcriptions');
export const openaiTranslations = recording('/v1/audio/translations', '/audio/translations');

function recording(endpoint: string, path: string): Dialect {
  const parse = async (text: RequestText): Promise<Inquiry> => {
    const form = await readForm(text, LISTS);
    const file = form.files.find(({ name }) => name === 'file');
    checkFiles(form, { known: KNOWN, files: ['file'] });
    if (file === undefined)
      throw new Problem('invalid-request', '`file` is missing: send the recording as a part of the form', {
        param: 'file',
      });
    const stream = form.text('stream') === 'true';
    const audioTokens = Math.ceil(file.bytes.length / BYTES_PER_TOKEN);
    return {
      requestedModel: form.text('model') ?? 'auto',
      stream,
      choices: 1,
      maxOutputTokens: Math.ceil(audioTokens * TEXT_SHARE) + 64,
      needs: [{ name: path.slice(1), param: 'model' }],
      mediaTokens: audioTokens,
      session: null,
      texts: new Sensitive(form.texts('prompt').concat(form.texts('keywords'))),
      ask: (backend) => ask({ form, path, stream }, backend),
    };
  };
  return { endpoint, mode: 'transcription', family: 'openai', body: 'form', parse, errorFrame: openaiErrorFrame };
}

interface Recording {
  readonly form: Form;
  readonly path: string;
  readonly stream: boolean;
}

function ask({ form, path, stream }: Recording, backend: Backend): Asking {
  const dropped = form.names.filter((name) => !KNOWN.has(name) && !backend.passes.includes(name));
  const { body, contentType } = form.rewrite({
    set: { model: backend.upstreamModel ?? backend.model ?? '' },
    drop: dropped,
  });
  const isPlain = ['text', 'srt', 'vtt'].includes(form.text('response_format') ?? 'json');
  return {
    path,
    body,
    headers: { 'content-type': contentType },
    dropped,
    accepts: (mediaType) =>
      stream
        ? mediaType === 'text/event-stream'
        : mediaType === 'application/json' || (isPlain && mediaType.startsWith('text/') && mediaType !== 'text/html'),
    reader: stream ? transcriptReader() : null,
    readWhole: (bytes, mediaType) =>
      mediaType === 'application/json' ? readTranscript(bytes) : readPlain(bytes, mediaType),
  };
}

function readTranscript(bytes: Uint8Array): WholeAnswer | null {
  const answer = parseWhole(bytes);
  if (typeof answer?.text !== 'string') return null;
  const counted = Math.ceil(answer.text.length / 4);
  return {
    summary: {
      textDigests: [sha256Hex(answer.text)],
      finishReason: 'stop',
      usage: readTranscriptUsage(answer.usage),
      counted,
    },
    bytes,
    mediaType: 'application/json',
  };
}

/** Nothing, a page, or an error in JSON: nobody says that. */
const NO_TRANSCRIPT = /^\s*(?:$|<(?:!doctype|html)\b|\{\s*"(?:error|detail|message)"\s*:)/i;

function readPlain(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const text = Buffer.from(bytes).toString('utf8');
  if (NO_TRANSCRIPT.test(text)) return null;
  return {
    summary: { textDigests: [sha256Hex(text)], finishReason: 'stop', usage: null, counted: Math.ceil(text.length / 4) },
    bytes,
    mediaType: `${mediaType}; charset=utf-8`,
  };
}
