import type { AnswerSummary, WholeAnswer } from '../dialect.ts';
import { isCount, readUsage } from './openai-chat-chunk.ts';

export interface WholeMessage {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly reasoning_content?: unknown;
  readonly tool_calls?: unknown;
}

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

export function parseWhole(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const answer = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    return answer === null || typeof answer !== 'object' || Array.isArray(answer) || answer.error ? null : answer;
  } catch {
    return null;
  }
}

/** Null when the bytes are no chat completion. */
export function parseCompletion(bytes: Uint8Array): WholeCompletion | null {
  const answer = parseWhole(bytes);
  return answer !== null && Array.isArray(answer.choices) ? (answer as unknown as WholeCompletion) : null;
}

/** The bytes as they came, and what they say. */
export function readWholeChat(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const answer = parseCompletion(bytes);
  return answer === null ? null : { summary: summarize(answer), bytes, mediaType };
}

export function summarize(answer: WholeCompletion): AnswerSummary {
  const texts: string[] = [];
  let unsaid = 0;
  for (const [position, choice] of answer.choices.entries()) {
    const { content, reasoning_content: thought, tool_calls: calls } = choice?.message ?? {};
    texts[placeOf(choice?.index, position)] = typeof content === 'string' ? content : '';
    if (typeof thought === 'string') unsaid += thought.length;
    if (calls != null) unsaid += JSON.stringify(calls).length;
  }
  const finish = answer.choices[0]?.finish_reason;
  return {
    texts: Array.from(texts, (text) => text ?? ''),
    finishReason: typeof finish === 'string' ? finish : null,
    usage: readUsage(answer.usage),
    counted: countTokens(texts.join('').length + unsaid),
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
