import type { Backend } from '../../charter/schema.ts';
import { Sensitive } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, RequestText } from '../dialect.ts';
import { collectTexts } from '../wire/collect-texts.ts';
import { checkShape } from '../wire/explain-issue.ts';
import { type JsonText, readJson } from '../wire/json-text.ts';
import { knownFields } from '../wire/known-fields.ts';
import { unknownFields } from '../wire/own-fields.ts';
import { responseOfChat, responsesErrorFrame, responsesReader } from './chat-to-responses.ts';
import { chatInquiryOf } from './openai-chat.ts';
import { type Json, newId } from './response-object.ts';
import { type Remembered, remember } from './responses-memory.ts';
import { type ResponsesRequest, responsesRequest } from './responses-schema.ts';
import { chatOfResponses, refuseUnserved, uncarriedFields } from './responses-to-chat.ts';

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
  errorFrame: (problem, requestId) => responsesErrorFrame(problem, { requestId, number: 0 }),
};

async function parse(text: RequestText): Promise<Inquiry> {
  const json = readJson(text.bytes, text.jsonDepthMax);
  const request = checkShape(responsesRequest, json.value, 'a Responses request');
  refuseUnserved(request);
  const remembered = await remember(request, text.shelf);
  const { earlier, input, classes } = remembered;
  const { body, placeNeed } = chatOfResponses({ ...request, input: [...input] }, earlier);
  const chat = chatInquiryOf(body, text);
  const conversation = new Conversation({ request, remembered, shelf: text.shelf });
  return {
    ...chat,
    requestedModel: request.model,
    maxOutputTokens: request.max_output_tokens ?? null,
    needs: chat.needs.map(placeNeed),
    texts: new Sensitive(collectTexts(earlier, request.instructions, input, request.tools, request.text)),
    earlierClasses: classes,
    keep: (classification) => conversation.keep(classification),
    ask: (backend) => ask({ json, request, chat, wallMs: text.wallMs, conversation }, backend),
  };
}

interface Said {
  readonly request: ResponsesRequest;
  readonly remembered: Remembered;
  readonly shelf: RequestText['shelf'];
}

/** One turn of a conversation, until it is kept. */
class Conversation {
  readonly #said: Said;
  #response: Json | null = null;

  constructor(said: Said) {
    this.#said = said;
  }

  /** What is not to be kept, and what the purpose does not allow to keep, is not. */
  get isKept(): boolean {
    return (this.#said.request.store ?? true) && this.#said.shelf?.keeps === true;
  }

  end(response: Json): void {
    this.#response = response;
  }

  async keep(classification: string): Promise<void> {
    const { remembered, shelf } = this.#said;
    const response = this.#response;
    if (!this.isKept || response === null || shelf === null) return;
    const { earlier, input } = remembered;
    const items = [...earlier, ...input, ...(response.output as Json[])];
    await shelf.keep({
      items,
      inputFrom: earlier.length,
      inputTo: earlier.length + input.length,
      response,
      classification,
    });
  }
}

interface Parsed {
  readonly json: JsonText;
  readonly request: ResponsesRequest;
  readonly chat: Inquiry;
  readonly wallMs: number;
  readonly conversation: Conversation;
}

function ask({ json, request, chat, wallMs, conversation }: Parsed, backend: Backend): Asking {
  const model = request.model === 'auto' ? (backend.model ?? '') : request.model;
  const told = { ...request, store: conversation.isKept };
  const opened = { id: newId('resp'), createdAt: Math.floor(wallMs / 1000), model, request: told };
  const onResponse = (response: Json) => conversation.end(response);
  return {
    ...chat.ask(backend),
    dropped: [...unknownFields(json, knownFields.responses, { ...backend, passes: [] }), ...uncarriedFields(request)],
    reader: request.stream ? responsesReader(opened, onResponse) : null,
    readWhole: (bytes) => responseOfChat(bytes, opened, onResponse),
  };
}
