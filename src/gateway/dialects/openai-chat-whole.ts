import { sha256Hex } from '../../kit/index.ts';
import type { AnswerSummary, WholeAnswer } from '../dialect.ts';
import { areObjects, isObject } from '../wire/is-object.ts';
import { isCount, isReason, readUsage } from './openai-chat-chunk.ts';

export interface WholeMessage {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly tool_calls?: unknown;
}

/** What a model thinks, whole or a piece of it: servers write it under either name, and some under both. */
export function thoughtOf({ reasoning_content, reasoning }: Thinking): string {
  const thought = reasoning_content || reasoning;
  return typeof thought === 'string' ? thought : '';
}

type Thinking = Pick<WholeMessage, 'reasoning_content' | 'reasoning'>;

export interface WholeCompletion {
  readonly id?: unknown;
  readonly created?: unknown;
  readonly choices: readonly {
    readonly index?: number;
    readonly message?: WholeMessage;
    readonly finish_reason?: unknown;
  }[];
  readonly usage?: unknown;
  readonly error?: unknown;
}

export function parseWhole(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const answer: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    return !isObject(answer) || answer.error || answer.object === 'error' ? null : answer;
  } catch {
    return null;
  }
}

/** Null when the bytes are no chat completion. */
export function parseCompletion(bytes: Uint8Array): WholeCompletion | null {
  const answer = parseWhole(bytes);
  if (answer === null || !haveEnded(answer.choices)) return null;
  return answer.choices.every(({ message }) => isMessage(message)) ? (answer as unknown as WholeCompletion) : null;
}

function isMessage(message: unknown): boolean {
  return isObject(message) && (message.tool_calls == null || areObjects(message.tool_calls));
}

interface EndedChoice {
  readonly finish_reason: string;
  readonly [member: string]: unknown;
}

/** Choices of a whole answer, each with the reason of its end: without one it was cut. */
export function haveEnded(choices: unknown): choices is readonly EndedChoice[] {
  if (!areObjects(choices) || choices.length === 0) return false;
  return choices.every(({ finish_reason, error }) => isReason(finish_reason) && !error);
}

/** The bytes as they came, and what they say. */
export function readWholeChat(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const answer = parseCompletion(bytes);
  return answer === null ? null : { summary: summarize(answer), bytes, mediaType };
}

export function summarize(answer: WholeCompletion): AnswerSummary {
  const { choices } = answer;
  const texts: string[] = [];
  let characters = 0;
  for (let position = 0; position < choices.length; position++) {
    const choice = choices[position];
    const message = choice?.message ?? {};
    const { content, tool_calls: calls } = message;
    const place = placeOf(choice?.index, position);
    while (texts.length < place) texts.push('');
    texts[place] = typeof content === 'string' ? content : '';
    characters += thoughtOf(message).length;
    if (calls != null) characters += JSON.stringify(calls).length;
  }
  for (const text of texts) characters += text.length;
  const finish = choices[0]?.finish_reason;
  return {
    textDigests: texts.map(sha256Hex),
    finishReason: typeof finish === 'string' ? finish : null,
    usage: readUsage(answer.usage),
    counted: countTokens(characters),
  };
}

/** More choices than anybody asks for. */
const CHOICES_MAX = 128;

/** What an upstream says is not trusted to be small: a place of four thousand million would fill the memory. */
function placeOf(index: unknown, position: number): number {
  return isCount(index) && index < CHOICES_MAX ? index : position;
}

/** Our own count where the upstream sends none: about four characters are a token of English. */
function countTokens(characters: number): number {
  return Math.ceil(characters / 4);
}
