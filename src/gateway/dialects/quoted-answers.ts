import { z } from 'zod';
import { Problem, problemBody, Sensitive, utf8 } from '../../kit/index.ts';
import type { AnswerSummary, Dialect, Inquiry } from '../dialect.ts';

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
  upstreamPath: '/quotes',
  mode: 'quoted',
  parse,
  upstreamBody: (inquiry) => Buffer.from(JSON.stringify(inquiry.content.reveal().body)),
  streamReader: () => {
    throw new Error('a quoted answer is no stream');
  },
  readWhole,
  errorFrame: (problem, requestId) => utf8(JSON.stringify(problemBody(problem, requestId))),
};

function parse(body: unknown): Inquiry {
  const result = quoteRequest.safeParse(body);
  if (!result.success) {
    const [issue] = result.error.issues;
    const param = issue?.path.join('.') ?? '';
    const detail = param === '' ? 'the body is not valid' : `\`${param}\` is not valid`;
    throw new Problem('invalid-request', `${detail}: ${issue?.message ?? 'unknown'}`, { param });
  }
  const { question, history } = result.data;
  return {
    requestedModel: 'auto',
    stream: false,
    wantsUsage: false,
    choices: 1,
    // Nothing is generated, so nothing is reserved for it.
    maxOutputTokens: 0,
    content: new Sensitive({ texts: [...history, question], body: result.data }),
  };
}

/** The text that the receipt commits to: the passages, joined by an empty line. */
function readWhole(bytes: Uint8Array): AnswerSummary | null {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
  const result = quotedAnswer.safeParse(answer);
  if (!result.success) return null;
  const texts = [result.data.passages.map((passage) => passage.text).join('\n\n')];
  return { texts, finishReason: 'stop', usage: { promptTokens: 0, completionTokens: 0 }, deltas: 0 };
}
