/** A Responses request in the words of chat completions. */
import { Problem } from '../../kit/index.ts';
import type { Need } from '../dialect.ts';
import type { Chat } from './responses-parts.ts';
import type { ResponseItem, ResponsesRequest } from './responses-schema.ts';
import { ChatThread } from './responses-thread.ts';
import { chatTools } from './responses-tools.ts';

export interface TranslatedRequest {
  readonly body: Chat;
  /** The need of the chat, by where it stands in the request. */
  placeNeed(need: Need): Need;
}

/** `earlier`: items of the conversation so far. @throws Problem that names what a chat cannot hold */
export function chatOfResponses(request: ResponsesRequest, earlier: readonly ResponseItem[]): TranslatedRequest {
  const { instructions, text, reasoning, stream } = request;
  const input = itemsOf(request.input);
  const thread = new ChatThread([...earlier, ...input]);
  if (instructions) thread.add({ role: 'system', content: instructions }, 'instructions');
  for (const item of earlier) thread.add(item, 'previous_response_id');
  for (const [at, item] of input.entries()) thread.add(item, `input[${at}]`);
  thread.end();
  const { messages } = thread;
  if (messages.length === 0)
    throw new Problem('invalid-request', '`input` is empty; say there what to answer', { param: 'input' });
  const included = request.include?.includes(LOGPROBS) === true;
  const optional: Chat = {
    ...same(request),
    max_completion_tokens: request.max_output_tokens,
    reasoning_effort: reasoning?.effort,
    verbosity: text?.verbosity,
    parallel_tool_calls: request.tools?.length ? request.parallel_tool_calls : null,
    response_format: formatOf(text?.format),
    ...chatTools(request),
    ...(included || request.top_logprobs ? { logprobs: true, top_logprobs: request.top_logprobs } : {}),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  const said = Object.entries(optional).filter(([, value]) => value != null);
  return {
    body: { model: request.model, messages, ...Object.fromEntries(said) },
    placeNeed: ({ name, param }) => {
      const isImplied = name === 'logprobs' && !included;
      return { name, param: isImplied ? 'top_logprobs' : placeOf(param, thread.places) };
    },
  };
}

export function itemsOf(input: ResponsesRequest['input']): readonly ResponseItem[] {
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : (input ?? []);
}

const LOGPROBS = 'message.output_text.logprobs';

/** What both APIs call by the same name. */
const SAME = [
  ...(['temperature', 'top_p', 'prompt_cache_key', 'prompt_cache_retention'] as const),
  ...(['safety_identifier', 'service_tier', 'user'] as const),
];

function same(request: ResponsesRequest): Chat {
  return Object.fromEntries(SAME.map((name) => [name, request[name]]));
}

function formatOf(format: NonNullable<ResponsesRequest['text']>['format']): unknown {
  if (format == null || format.type === 'text') return null;
  if (format.type !== 'json_schema') return { type: format.type };
  const { type: _, ...described } = format;
  return { type: 'json_schema', json_schema: described };
}

const PLACES: Readonly<Record<string, string>> = {
  reasoning_effort: 'reasoning.effort',
  verbosity: 'text.verbosity',
  response_format: 'text.format',
  logprobs: 'include',
};

/** Of a need of the chat, in the request. */
function placeOf(param: string, places: readonly string[]): string {
  const [, message] = /^messages\[(\d+)\]/.exec(param) ?? [];
  return message === undefined ? (PLACES[param] ?? param) : (places[Number(message)] ?? param);
}

/** Fields that no backend gets and whose lack leaves the answer what it is, by the paths that the caller is told. */
export function uncarriedFields({ include, image, reasoning, ...request }: ResponsesRequest): string[] {
  const names = ['access_programs', 'prompt_cache_options', 'stream_options'].filter((name) => request[name] != null);
  if (image != null) names.push('image');
  // All but one of them ask for more of what tools of a provider did, or for thoughts that nobody here can read.
  if (include?.some((name) => name !== LOGPROBS)) names.push('include');
  for (const [name, value] of Object.entries(reasoning ?? {}))
    if (name !== 'effort' && value != null) names.push(`reasoning.${name}`);
  return names;
}

const UNSERVED = ['background', 'conversation', 'prompt', 'context_management', 'moderation'] as const;

/** What would be another answer than was asked for. @throws Problem that names it */
export function refuseUnserved(request: ResponsesRequest): void {
  const unserved: string | undefined = UNSERVED.find((name) => isAsked(request[name]));
  const param = unserved ?? (request.truncation === 'auto' ? 'truncation' : null);
  if (param !== null)
    throw new Problem('unsupported-parameter', `\`${param}\` is not served here; leave it out`, { param });
}

function isAsked(value: unknown): boolean {
  return value != null && value !== false && !(Array.isArray(value) && value.length === 0);
}
