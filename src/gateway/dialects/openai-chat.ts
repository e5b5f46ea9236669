import type { Backend } from '../../charter/schema.ts';
import { Problem, Sensitive } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, Need, RequestText } from '../dialect.ts';
import { mediaTokensOf, outputTokensMax, TOKENS_PER_IMAGE } from '../price.ts';
import { collectTexts } from '../wire/collect-texts.ts';
import { checkShape } from '../wire/explain-issue.ts';
import { type JsonText, readJson } from '../wire/json-text.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listNeeds } from '../wire/list-needs.ts';
import { unknownFields } from '../wire/own-fields.ts';
import { splice } from '../wire/splice.ts';
import { chatReader } from './openai-chat-reader.ts';
import { type ChatRequest, chatRequest } from './openai-chat-schema.ts';
import { readWholeChat } from './openai-chat-whole.ts';
import { openaiErrorFrame } from './openai-error-frame.ts';
import { isPlainChat } from './plain-chat.ts';

/** OpenAI's chat completions, for clients and for every upstream that is compatible. */
export const openaiChat: Dialect = {
  endpoint: '/v1/chat/completions',
  mode: 'chat',
  family: 'openai',
  body: 'json',
  parse,
  errorFrame: openaiErrorFrame,
};

function parse({ bytes, jsonDepthMax }: RequestText): Inquiry {
  const json = readJson(bytes, jsonDepthMax);
  const request = isPlainChat(json.value) ? json.value : checkShape(chatRequest, json.value, 'a chat request');
  const { tools, response_format, functions, prediction } = request;
  const media = surveyMedia(request);
  const inquiry: Inquiry = {
    requestedModel: request.model,
    stream: request.stream ?? false,
    choices: request.n ?? 1,
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
    needs: [...listNeeds(request), ...media.needs],
    mediaTokens: media.tokens,
    session: request.prompt_cache_key ?? null,
    texts: new Sensitive(collectTexts(request.messages, tools, response_format, functions, prediction)),
    ask: (backend) => ask({ json, request, inquiry }, backend),
  };
  return inquiry;
}

interface Parsed {
  readonly json: JsonText;
  readonly request: ChatRequest;
  readonly inquiry: Inquiry;
}

/**
 * The answer is bounded by what was reserved. Usage is always asked for: a bill must not depend on whether the client
 * wanted to see it.
 */
function ask({ json, request, inquiry }: Parsed, backend: Backend): Asking {
  const dropped = unknownFields(json, knownFields.chat, backend);
  const limit = String(outputTokensMax(inquiry, backend));
  // OpenAI's newer models refuse the older name, most other servers know the older one alone.
  const bound =
    request.max_completion_tokens != null || backend.lacks.includes('max_tokens')
      ? 'max_completion_tokens'
      : 'max_tokens';
  const other = bound === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  const set: Record<string, string> = {
    model: JSON.stringify(backend.upstreamModel ?? backend.model ?? ''),
    [bound]: limit,
  };
  if (inquiry.stream) set.stream_options = JSON.stringify({ ...request.stream_options, include_usage: true });
  return {
    path: '/chat/completions',
    body: splice(json, { set, drop: [...dropped, other] }),
    dropped,
    accepts: (mediaType) => mediaType === (inquiry.stream ? 'text/event-stream' : 'application/json'),
    reader: inquiry.stream
      ? chatReader({ choices: inquiry.choices, wantsUsage: request.stream_options?.include_usage ?? false })
      : null,
    readWhole: readWholeChat,
  };
}

function surveyMedia({ messages }: ChatRequest): { readonly needs: readonly Need[]; readonly tokens: number } {
  const needs: Need[] = [];
  let tokens = 0;
  for (const [at, message] of messages.entries()) {
    const { content, role } = message;
    if (role === 'tool' || role === 'function' || message.tool_calls != null)
      needs.push({ name: 'tools', param: `messages[${at}]` });
    if (!Array.isArray(content)) continue;
    for (const [place, part] of content.entries()) {
      if (part.type === 'text' || part.type === 'refusal') continue;
      needs.push({ name: part.type, param: `messages[${at}].content[${place}]` });
      tokens += part.type === 'image_url' ? TOKENS_PER_IMAGE : mediaTokensOf(part);
    }
  }
  return { needs, tokens };
}

type Bounded = Pick<RequestText, 'jsonDepthMax' | 'wallMs'>;
/** A translation may nest deeper than what it translates, by so many levels at most. */
const DEEPER = 8;

/** @throws Problem when a body of another dialect was turned into a chat that is none: a fault of ours */
export function chatInquiryOf(body: Record<string, unknown>, { jsonDepthMax, wallMs }: Bounded): Inquiry {
  try {
    return parse({
      bytes: Buffer.from(JSON.stringify(body)),
      contentType: 'application/json',
      jsonDepthMax: jsonDepthMax + DEEPER,
      wallMs,
      shelf: null,
    });
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    throw new Problem('invalid-request', cause.detail, cause.extras);
  }
}
