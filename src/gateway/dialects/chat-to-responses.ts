/** Answers of chat completions in the words of OpenAI's Responses, whole and streamed. */
import { type Problem, problemBody, utf8 } from '../../kit/index.ts';
import type { StreamReader, WholeAnswer } from '../dialect.ts';
import { bridgeReader } from './bridge-reader.ts';
import { parseCompletion, summarize, type WholeCompletion } from './openai-chat-whole.ts';
import {
  callItem,
  cutReason,
  type ItemStatus,
  itemId,
  type Json,
  logprobsOf,
  messageItem,
  newId,
  type Opened,
  refusalPart,
  responseObject,
  textPart,
  thoughtItem,
  thoughtPart,
} from './response-object.ts';
import { type OnResponse, ResponsesWriter } from './responses-writer.ts';
import { argumentsOf, type ToolCall } from './stream-items.ts';

/** Null when the bytes are no chat completion. */
export function responseOfChat(bytes: Uint8Array, opened: Opened, onResponse: OnResponse): WholeAnswer | null {
  const answer = parseCompletion(bytes);
  const choice = answer?.choices[0];
  if (answer === null || choice?.message === undefined) return null;
  const summary = summarize(answer);
  const { finishReason } = summary;
  const last = cutReason(finishReason) === null ? 'completed' : 'incomplete';
  const output = itemsOf(choice, { responseId: opened.id, last });
  const response = responseObject(opened, { finishReason, output, usage: answer.usage });
  onResponse(response);
  return { summary, bytes: utf8(JSON.stringify(response)), mediaType: 'application/json' };
}

type Choice = WholeCompletion['choices'][number] & {
  readonly message?: { readonly reasoning?: unknown };
  readonly logprobs?: unknown;
};

interface Wanted {
  readonly responseId: string;
  /** How the last item ended. */
  readonly last: ItemStatus;
}

type MakeItem = (place: { readonly responseId: string; readonly index: number }, status: ItemStatus) => Json;

function itemsOf({ message, logprobs }: Choice, { responseId, last }: Wanted): Json[] {
  const { content, refusal, reasoning_content, reasoning, tool_calls } = message ?? {};
  const thought = reasoning_content ?? reasoning;
  const calls = Array.isArray(tool_calls) ? (tool_calls as ToolCall[]) : [];
  const made: MakeItem[] = [];
  if (typeof thought === 'string' && thought !== '')
    made.push((place, status) => thoughtItem(itemId('rs', place), [thoughtPart(thought)], status));
  const parts: Json[] = [];
  if (typeof content === 'string' && content !== '') parts.push(textPart(content, logprobsOf(logprobs)));
  if (typeof refusal === 'string' && refusal !== '') parts.push(refusalPart(refusal));
  if (parts.length > 0 || calls.length === 0)
    made.push((place, status) => messageItem(itemId('msg', place), parts, status));
  for (const call of calls)
    made.push((place, status) => callItem({ id: itemId('fc', place), ...calledBy(call) }, status));
  return made.map((make, index) => make({ responseId, index }, index === made.length - 1 ? last : 'completed'));
}

function calledBy(call: ToolCall): { callId: string; name: string; text: string } {
  const callId = typeof call.id === 'string' && call.id !== '' ? call.id : newId('call');
  return { callId, name: String(call.function?.name ?? ''), text: argumentsOf(call) };
}

export function responsesReader(opened: Opened, onResponse: OnResponse): StreamReader {
  const writer = new ResponsesWriter(opened, onResponse);
  return {
    ...bridgeReader(writer),
    errorFrame: (problem, requestId) => responsesErrorFrame(problem, { requestId, number: writer.nextNumber }),
  };
}

/** `number`: of the events of the stream, from 0. */
export function responsesErrorFrame(
  problem: Problem,
  { requestId, number }: { readonly requestId: string; readonly number: number },
): Uint8Array {
  const { error, code, instance } = problemBody(problem, requestId);
  const { message, param } = error;
  const event = { type: 'error', sequence_number: number, code: error.code, message, param, error, problem: code };
  return utf8(`event: error\ndata: ${JSON.stringify({ ...event, instance })}\n\n`);
}
