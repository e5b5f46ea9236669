import type { Backend } from '../../charter/schema.ts';
import { Problem, problemBody, Sensitive, utf8 } from '../../kit/index.ts';
import type { AnswerSummary, Dialect, Inquiry } from '../dialect.ts';
import { outputTokensMax } from '../price.ts';
import { chatStreamReader, readUsage } from './openai-chat-reader.ts';
import { type ChatRequest, chatRequest } from './openai-chat-schema.ts';

/** OpenAI's chat completions, for clients and for every upstream that is compatible. */
export const openaiChat: Dialect = {
  endpoint: '/v1/chat/completions',
  upstreamPath: '/chat/completions',
  mode: 'chat',
  parse,
  upstreamBody,
  streamReader: (inquiry) => chatStreamReader(inquiry),
  readWhole,
  errorFrame(problem, requestId) {
    const { error, code, instance } = problemBody(problem, requestId);
    return utf8(`data: ${JSON.stringify({ error, code, instance })}\n\n`);
  },
};

function parse(body: unknown): Inquiry {
  const result = chatRequest.safeParse(body);
  if (!result.success) throw explainIssue(result.error.issues[0]);
  const request = result.data;
  return {
    requestedModel: request.model,
    stream: request.stream ?? false,
    wantsUsage: request.stream_options?.include_usage ?? false,
    choices: request.n ?? 1,
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
    content: new Sensitive({ texts: collectTexts(request), body: request }),
  };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function explainIssue(issue: Issue | undefined): Problem {
  const where = (issue?.path ?? [])
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  const param = where.replace(/^\./, '');
  if (param === '')
    return new Problem('invalid-request', `the body is not a chat request: ${issue?.message ?? 'unknown'}`);
  return new Problem('invalid-request', `\`${param}\` is not valid: ${issue?.message ?? 'unknown'}`, { param });
}

function collectTexts(request: ChatRequest): string[] {
  const texts: string[] = [];
  for (const { content } of request.messages) {
    if (typeof content === 'string') texts.push(content);
    else for (const part of content ?? []) if (typeof part.text === 'string') texts.push(part.text);
  }
  return texts;
}

/**
 * The answer is bounded by what was reserved. Usage is always asked for: a bill must not depend on whether the client
 * wanted to see it.
 */
function upstreamBody(inquiry: Inquiry, backend: Backend): Uint8Array {
  const model = backend.upstreamModel ?? backend.model ?? '';
  const asked = inquiry.content.reveal().body;
  const bound = asked.max_completion_tokens == null ? 'max_tokens' : 'max_completion_tokens';
  const body: Record<string, unknown> = { ...asked, model, [bound]: outputTokensMax(inquiry, backend) };
  if (inquiry.stream) body.stream_options = { ...(asked.stream_options as object | null), include_usage: true };
  return Buffer.from(JSON.stringify(body));
}

interface WholeCompletion {
  readonly choices?: readonly { index?: number; message?: { content?: unknown }; finish_reason?: unknown }[];
  readonly usage?: unknown;
  readonly error?: unknown;
}

function readWhole(bytes: Uint8Array): AnswerSummary | null {
  let answer: WholeCompletion;
  try {
    answer = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
  if (answer === null || typeof answer !== 'object' || !Array.isArray(answer.choices) || answer.error) return null;
  const texts: string[] = [];
  for (const [position, choice] of answer.choices.entries()) {
    const content = choice?.message?.content;
    texts[choice?.index ?? position] = typeof content === 'string' ? content : '';
  }
  const finish = answer.choices[0]?.finish_reason;
  return {
    texts: Array.from(texts, (text) => text ?? ''),
    finishReason: typeof finish === 'string' ? finish : null,
    usage: readUsage(answer.usage),
    deltas: Math.ceil(texts.join('').length / 4),
  };
}
