import type { Backend } from '../../charter/schema.ts';
import { type Problem, Sensitive, utf8 } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, Need, RequestText } from '../dialect.ts';
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
import { type MessagesRequest, messagesRequest } from './anthropic-schema.ts';
import { chatOfMessages } from './anthropic-to-chat.ts';
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
  const media = surveyBlocks(request);
  const inquiry: Inquiry = {
    requestedModel: request.model,
    stream: request.stream ?? false,
    choices: 1,
    maxOutputTokens: request.max_tokens ?? null,
    needs: [...listNeeds(request), ...media.needs],
    mediaTokens: media.tokens,
    session: null,
    texts: new Sensitive(collectTexts(request.system, request.messages, request.tools)),
    ask: (backend) =>
      backend.dialect === 'anthropic'
        ? askNative({ json, inquiry }, backend)
        : askChat({ json, request, inquiry, text }, backend),
  };
  return inquiry;
}

function askNative({ json, inquiry }: { json: JsonText; inquiry: Inquiry }, backend: Backend): Asking {
  const dropped = unknownFields(json, knownFields.messages, backend);
  const set = {
    model: JSON.stringify(backend.upstreamModel ?? backend.model ?? ''),
    max_tokens: String(outputTokensMax(inquiry, backend)),
  };
  return {
    path: '/messages',
    body: splice(json, { set, drop: dropped }),
    dropped,
    accepts: (mediaType) => mediaType === (inquiry.stream ? 'text/event-stream' : 'application/json'),
    reader: inquiry.stream ? new AnthropicStreamReader() : null,
    readWhole: readWholeMessage,
  };
}

interface Parsed {
  readonly json: JsonText;
  readonly request: MessagesRequest;
  readonly inquiry: Inquiry;
  readonly text: RequestText;
}

/** The translation is made for each backend anew: most requests are put to one. */
function askChat({ json, request, inquiry, text }: Parsed, backend: Backend): Asking {
  const chat = chatInquiryOf(chatOfMessages(request), text).ask(backend);
  const model = inquiry.requestedModel === 'auto' ? (backend.model ?? '') : inquiry.requestedModel;
  const told = { model, promptTokens: likelyPromptTokens(inquiry) };
  return {
    ...chat,
    dropped: unknownFields(json, knownFields.messages, { ...backend, passes: [] }),
    reader: inquiry.stream ? messagesReader(told) : null,
    readWhole: (bytes, mediaType) => messageOfChat(bytes, { ...told, mediaType }),
  };
}

const TOKENS_PER_IMAGE = 1_600;
const CHARACTERS_PER_MEDIA_TOKEN = 16;
/** What a translation into chat completions carries; any other block or tool is Anthropic's own. */
const CARRIED_BLOCKS = new Set(['text', 'tool_use', 'tool_result', 'thinking', 'redacted_thinking']);
const blockNeeds: Readonly<Record<string, string>> = { image: 'image_url', document: 'file' };

function surveyBlocks(request: MessagesRequest): { needs: Need[]; tokens: number } {
  const needs = surveyTools(request);
  let tokens = 0;
  for (const [at, { content }] of request.messages.entries()) {
    if (typeof content === 'string') continue;
    for (const [place, part] of content.entries()) {
      const name = needOf(part.type);
      if (name !== null) needs.push({ name, param: `messages[${at}].content[${place}]` });
      if (part.type === 'image') tokens += TOKENS_PER_IMAGE;
      else if (name !== null && name !== 'tools')
        tokens += Math.ceil(JSON.stringify(part).length / CHARACTERS_PER_MEDIA_TOKEN);
    }
  }
  return { needs, tokens };
}

/** What a block makes use of, by the names of chat completions. */
function needOf(type: string): string | null {
  if (type === 'tool_use' || type === 'tool_result') return 'tools';
  if (CARRIED_BLOCKS.has(type)) return null;
  return blockNeeds[type] ?? type;
}

function surveyTools({ tools, thinking, output_config: output }: MessagesRequest): Need[] {
  const needs: Need[] = [];
  if (thinking != null && thinking.type !== 'disabled') needs.push({ name: 'reasoning_effort', param: 'thinking' });
  if (output?.format != null) needs.push({ name: 'response_format', param: 'output_config.format' });
  for (const [at, { type }] of (tools ?? []).entries()) {
    if (type != null && type !== 'custom') needs.push({ name: type, param: `tools[${at}]` });
  }
  return needs;
}
