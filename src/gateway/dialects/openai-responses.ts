import type { Backend } from '../../charter/schema.ts';
import { Problem, problemBody, Sensitive, utf8 } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, Need, RequestText } from '../dialect.ts';
import { collectTexts } from '../wire/collect-texts.ts';
import { checkShape } from '../wire/explain-issue.ts';
import { type JsonText, readJson } from '../wire/json-text.ts';
import { knownFields } from '../wire/known-fields.ts';
import { unknownFields } from '../wire/own-fields.ts';
import { responseOfChat, responsesReader } from './chat-to-responses.ts';
import { chatInquiryOf } from './openai-chat.ts';
import { newId } from './response-object.ts';
import { type ResponsesRequest, responsesRequest } from './responses-schema.ts';
import { chatOfResponses } from './responses-to-chat.ts';

/**
 * OpenAI's Responses, put to every backend as chat completions: what a conversation remembers stays in this
 * installation, and no upstream keeps state for it.
 */
export const openaiResponses: Dialect = {
  endpoint: '/v1/responses',
  mode: 'chat',
  family: 'openai',
  body: 'json',
  parse,
  errorFrame(problem, requestId) {
    const { error, code, instance } = problemBody(problem, requestId);
    const event = {
      type: 'error',
      code: error.code,
      message: error.message,
      param: error.param,
      error,
      problem: code,
      instance,
    };
    return utf8(`event: error\ndata: ${JSON.stringify(event)}\n\n`);
  },
};

function parse(text: RequestText): Inquiry {
  const { bytes, jsonDepthMax, wallMs } = text;
  const json = readJson(bytes, jsonDepthMax);
  const request = checkShape(responsesRequest, json.value, 'a Responses request');
  refuseUnserved(request);
  const chat = chatInquiryOf(chatOfResponses(request, []), text);
  return {
    ...chat,
    requestedModel: request.model,
    maxOutputTokens: request.max_output_tokens ?? null,
    needs: [...chat.needs, ...toolNeeds(request)],
    texts: new Sensitive(collectTexts(request.instructions, request.input, request.tools, request.text)),
    ask: (backend) => ask({ json, request, chat, wallMs }, backend),
  };
}

/** What would be another answer than was asked for. */
function refuseUnserved({ background, conversation, previous_response_id: previous }: ResponsesRequest): void {
  const param = background
    ? 'background'
    : conversation != null
      ? 'conversation'
      : previous != null
        ? 'previous_response_id'
        : null;
  if (param !== null)
    throw new Problem('unsupported-parameter', `\`${param}\` is not served here; leave it out`, { param });
}

/** Tools that a provider runs itself: no data leaves on their account. */
function toolNeeds({ tools }: ResponsesRequest): Need[] {
  return (tools ?? []).flatMap(({ type }, at) => (type === 'function' ? [] : [{ name: type, param: `tools[${at}]` }]));
}

interface Parsed {
  readonly json: JsonText;
  readonly request: ResponsesRequest;
  readonly chat: Inquiry;
  readonly wallMs: number;
}

function ask({ json, request, chat, wallMs }: Parsed, backend: Backend): Asking {
  const model = request.model === 'auto' ? (backend.model ?? '') : request.model;
  const opened = { id: newId('resp'), createdAt: Math.floor(wallMs / 1000), model, request };
  const asking = chat.ask(backend);
  return {
    ...asking,
    dropped: unknownFields(json, knownFields.responses, { ...backend, passes: [] }),
    reader: request.stream ? responsesReader(opened, () => {}) : null,
    readWhole: (bytes) => responseOfChat(bytes, opened, () => {}),
  };
}
