/** The response object of OpenAI's Responses, from what a chat completion said. */
import { randomBytes } from 'node:crypto';
import { readUsage } from './openai-chat-chunk.ts';
import type { ResponsesRequest } from './responses-schema.ts';

export type Json = Record<string, unknown>;

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export const newId = (prefix: string) => `${prefix}_${randomBytes(24).toString('hex')}`;

/** Of an item at a place of a response: it says which response to look in, so that no index of items is kept. */
export function itemId(prefix: string, place: { readonly responseId: string; readonly index: number }): string {
  return `${prefix}_${place.responseId.replace('resp_', '')}${place.index.toString(16).padStart(4, '0')}`;
}

/** Null where it is no id that was given here. */
export function responseIdOf(item: string): string | null {
  const [, random] = /^[a-z]+_([0-9a-f]{48})[0-9a-f]{4,}$/.exec(item) ?? [];
  return random === undefined ? null : `resp_${random}`;
}

interface ChatUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly prompt_tokens_details?: { readonly cached_tokens?: unknown } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: unknown } | null;
}

function responseUsage(usage: unknown): Json | null {
  const counted = readUsage(usage);
  if (counted === null) return null;
  const { promptTokens: input, completionTokens: output } = counted;
  const details = usage as ChatUsage;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: details.prompt_tokens_details?.cached_tokens ?? 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: details.completion_tokens_details?.reasoning_tokens ?? 0 },
    total_tokens: input + output,
  };
}

export interface Opened {
  readonly id: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** As the caller named it, or the model of the backend. */
  readonly model: string;
  readonly request: ResponsesRequest;
}

export interface Ended {
  readonly finishReason: string | null;
  readonly output: readonly Json[];
  readonly usage: unknown;
}

/** Without an end: the object of an answer that is being made. */
export function responseObject({ id, createdAt, model, request }: Opened, ended: Ended | null): Json {
  const cutBy = ended === null ? null : cutReason(ended.finishReason);
  return {
    id,
    object: 'response',
    created_at: createdAt,
    status: ended === null ? 'in_progress' : cutBy === null ? 'completed' : 'incomplete',
    background: false,
    error: null,
    incomplete_details: cutBy === null ? null : { reason: cutBy },
    model,
    output: ended?.output ?? [],
    ...told(request),
    truncation: 'disabled',
    usage: ended === null ? null : responseUsage(ended.usage),
  };
}

/** What was asked for, as the answer repeats it. */
function told(request: ResponsesRequest): Json {
  return {
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: null },
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: request.text ?? { format: { type: 'text' } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? 1,
  };
}

/** Null when an answer ended by itself. */
export function cutReason(finish: string | null): string | null {
  if (finish === 'length') return 'max_output_tokens';
  return finish === 'content_filter' ? 'content_filter' : null;
}

export function messageItem(id: string, content: readonly Json[], status: ItemStatus): Json {
  return { id, type: 'message', status, role: 'assistant', content };
}

/** Of a choice of a chat completion: of its text, in the form that Responses has too. */
export function logprobsOf(logprobs: unknown): readonly Json[] {
  const { content } = (logprobs ?? {}) as { readonly content?: unknown };
  return Array.isArray(content) ? content : [];
}

export const textPart = (text: string, logprobs: readonly Json[]): Json => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs,
});
export const refusalPart = (refusal: string): Json => ({ type: 'refusal', refusal });
export const thoughtPart = (text: string): Json => ({ type: 'reasoning_text', text });

interface Called {
  readonly id: string;
  readonly callId: string | null;
  readonly name: string;
  readonly text: string;
}

export function callItem({ id, callId, name, text }: Called, status: ItemStatus): Json {
  return { id, type: 'function_call', status, call_id: callId, name, arguments: text };
}

export function thoughtItem(id: string, content: readonly Json[], status: ItemStatus): Json {
  return { id, type: 'reasoning', status, summary: [], content };
}
