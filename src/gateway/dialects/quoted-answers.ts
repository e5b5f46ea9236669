import { z } from 'zod';
import { problemBody, Sensitive, sha256Hex, utf8 } from '../../kit/index.ts';
import type { Dialect, Inquiry, RequestText, WholeAnswer } from '../dialect.ts';
import { checkShape } from '../wire/explain-issue.ts';
import { readJson } from '../wire/json-text.ts';
import { parseWhole } from './openai-chat-whole.ts';

const text = z.string().max(16_000);

/** Body of `POST /v1/quotes`. */
const quoteRequest = z.strictObject({
  question: text.trim().min(1),
  /** Of the reader: a hint, the words of the question decide. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .default('en'),
  /** Earlier questions of the conversation, oldest first. */
  history: z.array(text).max(50).default([]),
});

const quotedAnswer = z.object({
  object: z.literal('quoted_answer'),
  passages: z.array(z.object({ text: z.string() })),
});

/** Passages of the collection, unchanged: no model, no generated sentence, not streamed. */
export const quotedAnswers: Dialect = {
  endpoint: '/v1/quotes',
  mode: 'quoted',
  family: 'openai',
  body: 'json',
  parse,
  errorFrame: (problem, requestId) => utf8(JSON.stringify(problemBody(problem, requestId))),
};

function parse({ bytes, jsonDepthMax }: RequestText): Inquiry {
  const request = checkShape(quoteRequest, readJson(bytes, jsonDepthMax).value, 'a question');
  return {
    requestedModel: 'auto',
    stream: false,
    choices: 1,
    // Nothing is generated, so nothing is reserved for it.
    maxOutputTokens: 0,
    needs: [],
    mediaTokens: 0,
    session: null,
    texts: new Sensitive([...request.history, request.question]),
    ask: () => ({
      path: '/quotes',
      body: Buffer.from(JSON.stringify(request)),
      dropped: [],
      accepts: (mediaType) => mediaType === 'application/json',
      reader: null,
      readWhole,
    }),
  };
}

/** The text that the receipt commits to: the passages, joined by an empty line. */
function readWhole(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const result = quotedAnswer.safeParse(parseWhole(bytes));
  if (!result.success) return null;
  const textDigests = [sha256Hex(result.data.passages.map((passage) => passage.text).join('\n\n'))];
  const usage = { promptTokens: 0, completionTokens: 0 };
  return { summary: { textDigests, finishReason: 'stop', usage, counted: 0 }, bytes, mediaType };
}
