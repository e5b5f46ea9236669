import type { Backend } from '../../charter/schema.ts';
import { utf8 } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, RequestText, WholeAnswer } from '../dialect.ts';
import { likelyPromptTokens } from '../price.ts';
import { anthropicErrorFrame, parseMessages } from './anthropic-messages.ts';
import { isCount } from './openai-chat-chunk.ts';
import { parseWhole } from './openai-chat-whole.ts';

/** Counts the tokens of a Messages request: asked of a backend that counts, estimated and marked so for all others. */
export const anthropicCountTokens: Dialect = {
  endpoint: '/v1/messages/count_tokens',
  mode: 'chat',
  family: 'anthropic',
  body: 'json',
  parse,
  errorFrame: anthropicErrorFrame,
};

function parse(text: RequestText): Inquiry {
  const inquiry = parseMessages(text);
  const ask = (backend: Backend): Asking =>
    backend.dialect === 'anthropic' ? askBackend(inquiry, backend) : estimate(inquiry);
  // Counting generates nothing and is not charged.
  return { ...inquiry, stream: false, maxOutputTokens: 0, isFree: true, ask };
}

function askBackend(inquiry: Inquiry, backend: Backend): Asking {
  const { body, dropped } = inquiry.ask(backend);
  const {
    max_tokens: _,
    stream: __,
    ...counted
  } = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>;
  return { ...plain, path: '/messages/count_tokens', body: utf8(JSON.stringify(counted)), dropped };
}

function estimate(inquiry: Inquiry): Asking {
  const input_tokens = likelyPromptTokens(inquiry);
  const local = utf8(JSON.stringify({ input_tokens }));
  return {
    ...plain,
    path: '',
    body: local,
    dropped: [],
    local,
    answerHeaders: { 'x-polity-estimated': 'input_tokens' },
  };
}

const plain: Pick<Asking, 'accepts' | 'reader' | 'readWhole'> = {
  accepts: (mediaType) => mediaType === 'application/json',
  reader: null,
  readWhole: (bytes, mediaType): WholeAnswer | null => {
    const answer = parseWhole(bytes);
    if (!isCount(answer?.input_tokens)) return null;
    const usage = { promptTokens: 0, completionTokens: 0 };
    return { summary: { textDigests: [], finishReason: 'stop', usage, counted: 0 }, bytes, mediaType };
  },
};
