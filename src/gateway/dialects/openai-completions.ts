import { z } from 'zod';
import { sha256Hex } from '../../kit/index.ts';
import type { AnswerSummary, Frame, FrameKind, StreamReader, WholeAnswer } from '../dialect.ts';
import { outputTokensMax } from '../price.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listOf, tokenList } from '../wire/list-of.ts';
import { ChatTally, isCount, isHidden, parseChunk, readUsage } from './openai-chat-chunk.ts';
import { choiceCount, modelName, outputTokens } from './openai-chat-schema.ts';
import { haveEnded, parseWhole } from './openai-chat-whole.ts';
import { passThrough } from './pass-through.ts';
import { type SseFrame, sseSplitter } from './sse-splitter.ts';

/** As OpenAI takes at most; each is answered. */
const promptCount = { min: 1, max: 2_048 };

const schema = z.looseObject({
  model: modelName,
  prompt: z.union([z.string(), listOf(z.string(), promptCount), tokenList, listOf(tokenList, promptCount)]),
  max_tokens: outputTokens,
  n: choiceCount,
  best_of: choiceCount,
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
});

type CompletionRequest = z.infer<typeof schema>;

/** OpenAI's older completions, as vLLM, llama.cpp and others serve them still. */
export const openaiCompletions = passThrough({
  endpoint: '/v1/completions',
  path: '/completions',
  mode: 'chat',
  schema,
  what: 'a completion request',
  known: knownFields.completions,
  said: ({ prompt, suffix }) => [prompt, suffix],
  describe: (request) => ({
    stream: request.stream ?? false,
    choices: choicesOf(request) * Math.max(1, (request.best_of ?? 1) / (request.n ?? 1)),
    maxOutputTokens: request.max_tokens ?? null,
    mediaTokens:
      typeof request.prompt === 'string' ? 0 : request.prompt.flat().filter((one) => typeof one === 'number').length,
  }),
  change: (request, { inquiry, backend }) => ({
    max_tokens: String(outputTokensMax(inquiry, backend)),
    ...(request.stream ? { stream_options: JSON.stringify({ ...request.stream_options, include_usage: true }) } : {}),
  }),
  answer: (request) => ({
    accepts: (mediaType) => mediaType === (request.stream ? 'text/event-stream' : 'application/json'),
    reader: request.stream
      ? completionReader(choicesOf(request), request.stream_options?.include_usage ?? false)
      : null,
    readWhole,
  }),
});

/** One for each prompt and each of its variants. */
function choicesOf({ prompt, n }: CompletionRequest): number {
  const prompts = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt.length : 1;
  return prompts * (n ?? 1);
}

interface Choice {
  readonly index?: number;
  readonly text?: unknown;
  readonly finish_reason?: unknown;
}

/** Chunks of completions read as chunks of a chat whose deltas are their texts. */
function completionReader(choices: number, wantsUsage: boolean): StreamReader {
  const split = sseSplitter();
  const tally = new ChatTally(choices);
  const read = (frame: SseFrame): FrameKind => {
    if (frame.data === '[DONE]') return 'final';
    const chunk = parseChunk(frame);
    if (chunk === null) return 'error';
    const said = (chunk.choices ?? []) as readonly Choice[];
    tally.add({
      choices: said.map(({ text, ...rest }) => ({ ...rest, delta: { content: text } })),
      usage: chunk.usage,
    });
    if (isHidden(chunk, wantsUsage)) return 'withheld';
    return tally.hasEnded ? 'final' : 'part';
  };
  return {
    feed: (bytes) => split(bytes).map((frame): Frame => ({ kind: read(frame), bytes: frame.bytes })),
    finish: () => (tally.isWhole ? [] : null),
    summary: () => tally.summary(),
  };
}

function readWhole(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const answer = parseWhole(bytes);
  if (answer === null || !haveEnded(answer.choices)) return null;
  const texts: string[] = answer.choices.map(() => '');
  for (const [position, { text, index }] of answer.choices.entries()) {
    if (typeof text !== 'string') return null;
    texts[isCount(index) && index < texts.length ? index : position] = text;
  }
  const summary: AnswerSummary = {
    textDigests: texts.map(sha256Hex),
    finishReason: answer.choices[0]?.finish_reason ?? null,
    usage: readUsage(answer.usage),
    counted: Math.ceil(texts.join('').length / 4),
  };
  return { summary, bytes, mediaType };
}
