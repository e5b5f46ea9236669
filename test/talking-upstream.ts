/** An upstream on loopback that serves every endpoint of OpenAI's family, and Anthropic's Messages: as specified, with fixed words. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RecordingUpstream, startServer } from './recording-upstream.ts';

export interface Heard {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  /** Null for a form. */
  readonly body: Record<string, unknown> | null;
}

export interface TalkingUpstream extends Omit<RecordingUpstream, 'requests'> {
  readonly heard: Heard[];
  /** Answers in place of the endpoint's own while it is set. */
  mood: ((heard: Heard, response: ServerResponse) => void) | null;
}

type Body = Record<string, unknown>;
const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13, prompt_tokens_details: { cached_tokens: 2 } };
const base = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'upstream-model' };
const toolArguments = ['{"city":', '"Tallinn"}'];

export async function startTalking(): Promise<TalkingUpstream> {
  const heard: Heard[] = [];
  const talking: { mood: TalkingUpstream['mood'] } = { mood: null };
  const server = await startServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const isJson = String(request.headers['content-type']).startsWith('application/json');
      const path = (request.url ?? '').replace(/^\/v1/, '');
      const one = {
        path,
        headers: request.headers,
        bytes,
        body: isJson ? (JSON.parse(bytes.toString()) as Body) : null,
      };
      heard.push(one);
      (talking.mood ?? endpoints[path] ?? nothing)(one, response);
    });
  });
  return Object.assign(talking, { ...server, heard });
}

function nothing(_heard: Heard, response: ServerResponse): void {
  json(response, { error: { message: 'no such endpoint', type: 'invalid_request_error', code: 'not_found' } }, 404);
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'set-cookie': 'a=b', server: 'upstream/1' })
    .end(JSON.stringify(body));
}

function events(response: ServerResponse, frames: readonly unknown[], last = ''): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const frame of frames) response.write(`data: ${JSON.stringify(frame)}\n\n`);
  response.end(last);
}

function namedEvents(response: ServerResponse, frames: readonly { readonly type: string }[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.end(frames.map((frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`).join(''));
}

/** What the fixed model says: it calls the first tool until it has a result, and keeps to a schema. */
function replyTo(body: Body): { readonly content: string | null; readonly tool: string | null } {
  const messages = body.messages as readonly { role: string }[];
  const tools = body.tools as readonly { function: { name: string } }[] | undefined;
  if (tools !== undefined && !messages.some(({ role }) => role === 'tool'))
    return { content: null, tool: tools[0]?.function.name ?? '' };
  const format = body.response_format as { type?: string } | undefined;
  return {
    content: format?.type?.startsWith('json') ? '{"city":"Tallinn","people":461602}' : 'Tere, maailm!',
    tool: null,
  };
}

function chat({ body }: Heard, response: ServerResponse): void {
  const { content, tool } = replyTo(body ?? {});
  const finish = tool === null ? 'stop' : 'tool_calls';
  const calls = [0, 1].map((index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name: tool, arguments: toolArguments.join('') },
  }));
  if (body?.stream !== true) {
    const message = { role: 'assistant', content, refusal: null, ...(tool === null ? {} : { tool_calls: calls }) };
    const choices = Array.from({ length: Number(body?.n ?? 1) }, (_, index) => ({
      index,
      message,
      finish_reason: finish,
      logprobs: null,
    }));
    json(response, { ...base, object: 'chat.completion', choices, usage });
    return;
  }
  const chunk = (delta: unknown, finish_reason: string | null = null) => ({
    ...base,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason }],
  });
  const words = (content ?? '').match(/.{1,5}/gs) ?? [];
  const toolDeltas = calls.flatMap(({ id, type }, index) => [
    chunk({ tool_calls: [{ index, id, type, function: { name: tool, arguments: '' } }] }),
    ...toolArguments.map((text) => chunk({ tool_calls: [{ index, function: { arguments: text } }] })),
  ]);
  const frames = [
    chunk({ role: 'assistant', content: '' }),
    ...(tool === null ? words.map((word) => chunk({ content: word })) : toolDeltas),
    chunk({}, finish),
    { ...base, object: 'chat.completion.chunk', choices: [], usage },
  ];
  events(response, frames, 'data: [DONE]\n\n');
}

function completions({ body }: Heard, response: ServerResponse): void {
  const choice = { index: 0, text: ' maailm', finish_reason: 'stop', logprobs: null };
  if (body?.stream !== true) {
    json(response, { ...base, object: 'text_completion', choices: [choice], usage });
    return;
  }
  events(
    response,
    [
      { ...base, choices: [{ ...choice, finish_reason: null }] },
      { ...base, choices: [{ ...choice, text: '' }] },
      { ...base, choices: [], usage },
    ],
    'data: [DONE]\n\n',
  );
}

function embeddings({ body }: Heard, response: ServerResponse): void {
  const inputs = [body?.input].flat();
  const floats = Float32Array.from([0.5, -0.25, 1]);
  const embedding = body?.encoding_format === 'base64' ? Buffer.from(floats.buffer).toString('base64') : [...floats];
  const data = inputs.map((_, index) => ({ object: 'embedding', index, embedding }));
  json(response, { object: 'list', data, model: 'upstream-model', usage: { prompt_tokens: 5, total_tokens: 5 } });
}

function transcription({ bytes }: Heard, response: ServerResponse): void {
  const text = bytes.toString('latin1');
  if (text.includes('name="stream"\r\n\r\ntrue')) {
    events(response, [
      { type: 'transcript.text.delta', delta: 'Tere' },
      {
        type: 'transcript.text.done',
        text: 'Tere',
        usage: { type: 'tokens', input_tokens: 14, output_tokens: 2, total_tokens: 16 },
      },
    ]);
  } else if (text.includes('\r\n\r\nvtt'))
    response.writeHead(200, { 'content-type': 'text/vtt; charset=utf-8' }).end('WEBVTT\n\nTere');
  else
    json(response, { text: 'Tere', usage: { type: 'tokens', input_tokens: 14, output_tokens: 2, total_tokens: 16 } });
}

/** From words, or from pictures and words. */
function pictures({ bytes }: Heard, response: ServerResponse): void {
  const usage = { input_tokens: 3, output_tokens: 100, total_tokens: 103 };
  if (bytes.toString('latin1').includes('name="stream"\r\n\r\ntrue'))
    events(response, [
      { type: 'image_edit.partial_image', b64_json: 'AA', partial_image_index: 0 },
      { type: 'image_edit.completed', b64_json: 'AAAA', usage },
    ]);
  else json(response, { created: 1, data: [{ b64_json: 'AAAA' }], usage });
}

function speech({ body }: Heard, response: ServerResponse): void {
  if (body?.stream_format === 'sse') {
    events(response, [
      { type: 'speech.audio.delta', audio: 'AAAA' },
      { type: 'speech.audio.done', usage: { input_tokens: 3, output_tokens: 7, total_tokens: 10 } },
    ]);
  } else response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(Buffer.from([0xff, 0xf3, 1, 2, 3]));
}

function messages({ body }: Heard, response: ServerResponse): void {
  const counts = { input_tokens: 9, output_tokens: 4, cache_creation_input_tokens: 0, cache_read_input_tokens: 2 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', stop_sequence: null };
  if (body?.stream !== true) {
    json(response, {
      ...message,
      content: [{ type: 'text', text: 'Tere, maailm!' }],
      stop_reason: 'end_turn',
      usage: counts,
    });
    return;
  }
  namedEvents(response, [
    {
      type: 'message_start',
      message: { ...message, content: [], stop_reason: null, usage: { ...counts, output_tokens: 1 } },
    } as { type: string },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as { type: string },
    { type: 'ping' },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Tere, ' } } as { type: string },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'maailm!' } } as { type: string },
    { type: 'content_block_stop', index: 0 } as { type: string },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 4 } } as {
      type: string;
    },
    { type: 'message_stop' },
  ]);
}

const endpoints: Readonly<Record<string, (heard: Heard, response: ServerResponse) => void>> = {
  '/chat/completions': chat,
  '/completions': completions,
  '/embeddings': embeddings,
  '/rerank': (_heard, response) =>
    json(response, { id: 'r', results: [{ index: 1, relevance_score: 0.9 }], meta: { tokens: { input_tokens: 6 } } }),
  '/audio/transcriptions': transcription,
  '/audio/translations': transcription,
  '/audio/speech': speech,
  '/images/generations': pictures,
  '/images/edits': pictures,
  '/images/variations': pictures,
  '/moderations': (_heard, response) =>
    json(response, { id: 'm', model: 'x', results: [{ flagged: false, categories: {}, category_scores: {} }] }),
  '/messages': messages,
  '/messages/count_tokens': (_heard, response) => json(response, { input_tokens: 21 }),
};
