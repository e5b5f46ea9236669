import type { Backend } from '../../charter/schema.ts';
import { type Problem, Sensitive, utf8 } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, RequestText } from '../dialect.ts';
import { likelyPromptTokens, outputTokensMax } from '../price.ts';
import { anthropicError } from '../wire/anthropic-error.ts';
import { collectTexts } from '../wire/collect-texts.ts';
import { checkShape } from '../wire/explain-issue.ts';
import { type JsonText, readJson } from '../wire/json-text.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listNeeds } from '../wire/list-needs.ts';
import { unknownFields } from '../wire/own-fields.ts';
import { splice } from '../wire/splice.ts';
import { AnthropicStreamReader, readWholeMessage } from './anthropic-reader.ts';
import { type Block, type MessagesRequest, messagesRequest } from './anthropic-schema.ts';
import { surveyMessages } from './anthropic-survey.ts';
import { fitThinking } from './anthropic-thinking.ts';
import { carriedFields, chatOfMessages } from './anthropic-to-chat.ts';
import { messagesReader } from './anthropic-writer.ts';
import { messageOfChat } from './chat-to-anthropic.ts';
import { chatInquiryOf } from './openai-chat.ts';

/** Anthropic's Messages: passed through to backends that speak them, translated to chat completions for all others. */
export const anthropicMessages: Dialect = {
  endpoint: '/v1/messages',
  mode: 'chat',
  family: 'anthropic',
  body: 'json',
  parse: parseMessages,
  errorFrame: anthropicErrorFrame,
};

export function anthropicErrorFrame(problem: Problem, requestId: string): Uint8Array {
  return utf8(`event: error\ndata: ${JSON.stringify(anthropicError(problem, requestId))}\n\n`);
}

export function parseMessages(text: RequestText): Inquiry {
  const { bytes, jsonDepthMax } = text;
  const json = readJson(bytes, jsonDepthMax);
  const request = checkShape(messagesRequest, json.value, 'a Messages request');
  const survey = surveyMessages(request);
  const { system, messages, tools, output_config: output } = request;
  const inquiry: Inquiry = {
    requestedModel: request.model,
    stream: request.stream ?? false,
    choices: 1,
    maxOutputTokens: request.max_tokens ?? null,
    needs: [...listNeeds(request), ...survey.needs],
    mediaTokens: survey.tokens,
    session: null,
    texts: new Sensitive(collectTexts(system, messages, tools, output?.format)),
    ask: (backend) =>
      backend.dialect === 'anthropic'
        ? askNative({ json, request, inquiry, text }, backend)
        : askChat({ json, request, inquiry, text }, backend),
  };
  return inquiry;
}

function askNative({ json, request, inquiry }: Parsed, backend: Backend): Asking {
  const drop = unknownFields(json, knownFields.messages, backend);
  const limit = outputTokensMax(inquiry, backend);
  const set: Record<string, string> = {
    model: JSON.stringify(backend.upstreamModel ?? backend.model ?? ''),
    max_tokens: String(limit),
  };
  const dropped = [...drop];
  const signed = signedMessages(request);
  if (signed !== null) {
    set.messages = JSON.stringify(signed);
    dropped.push('messages.thinking');
  }
  const thinking = fitThinking(request, limit);
  if (thinking !== null) {
    set.thinking = JSON.stringify(thinking);
    dropped.push('thinking.budget_tokens');
  }
  return {
    path: '/messages',
    body: splice(json, { set, drop }),
    dropped,
    accepts: (mediaType) => mediaType === (inquiry.stream ? 'text/event-stream' : 'application/json'),
    reader: inquiry.stream ? new AnthropicStreamReader() : null,
    readWhole: readWholeMessage,
  };
}

const isUnsigned = (block: Block) => block.type === 'thinking' && !block.signature;

/** Anthropic refuses thoughts that it did not sign, such as those of a chat backend that answered before. Null: there are none. */
function signedMessages({ messages }: MessagesRequest): MessagesRequest['messages'] | null {
  if (!messages.some(({ content }) => typeof content !== 'string' && content.some(isUnsigned))) return null;
  return messages.flatMap((message) => {
    if (typeof message.content === 'string') return [message];
    const content = message.content.filter((block) => !isUnsigned(block));
    return content.length === 0 ? [] : [{ ...message, content }];
  });
}

interface Parsed {
  readonly json: JsonText;
  readonly request: MessagesRequest;
  readonly inquiry: Inquiry;
  readonly text: RequestText;
}

/** The translation is made for each backend anew: most requests are put to one. */
function askChat({ json, request, inquiry, text }: Parsed, backend: Backend): Asking {
  const { chat: body, dropped } = chatOfMessages(request, backend);
  const chat = chatInquiryOf(body, text).ask(backend);
  const unsent = unknownFields(json, carriedFields, { ...backend, passes: [] });
  const model = inquiry.requestedModel === 'auto' ? (backend.model ?? '') : inquiry.requestedModel;
  const told = { model, promptTokens: likelyPromptTokens(inquiry) };
  return {
    ...chat,
    dropped: [...unsent, ...chat.dropped, ...dropped],
    reader: inquiry.stream ? messagesReader(told) : null,
    readWhole: (bytes, mediaType) => messageOfChat(bytes, { ...told, mediaType }),
  };
}
