import type { ChatRequest } from './chat-request.ts';
import { checkTools } from './check-tools.ts';
import { outputLimit } from './read-chat.ts';
import { type Json, readSent } from './read-sent.ts';
import { refuse } from './refuse.ts';
import { checkEffort, readThinking } from './sent-thinking.ts';

/** What providers call these settings. */
const names = {
  temperature: ['temperature'],
  top_p: ['top_p', 'topP', 'p'],
  top_k: ['top_k', 'topK', 'k'],
  seed: ['seed', 'random_seed'],
  frequency_penalty: ['frequency_penalty', 'frequencyPenalty'],
  presence_penalty: ['presence_penalty', 'presencePenalty'],
  stop: ['stop', 'stop_sequences', 'stopSequences'],
} as const;
const limits = ['max_tokens', 'maxTokens', 'maxOutputTokens'];

/** `beyond`: the answer could become longer than was asked for. `unsigned`: it asks for thoughts that the conversation had to begin with. */
export type SentFit = 'fits' | 'beyond' | 'unsigned';

/**
 * Packages drop or clamp what a model does not take, and say so only beside the answer. The request is looked at before
 * it leaves. @throws Problem for what was dropped or changed
 */
export function checkSent(text: string, request: ChatRequest): SentFit {
  const { body, settings } = readSent(text);
  const thinking = readThinking(settings);
  if (thinking.isBudgeted && endsInCalls(request)) return 'unsigned';
  const limit = outputLimit(request);
  if (limit !== undefined && !(sentLimit(settings) <= limit && thinking.budget < limit)) return 'beyond';
  for (const [param, candidates] of Object.entries(names)) {
    const asked = request[param as keyof typeof names];
    if (asked != null && !candidates.some((name) => isSame(settings[name], asked)))
      throw refuse(param, 'this model does not take this value, or not beside the others');
  }
  checkEffort(request.reasoning_effort, thinking);
  checkTools({ body, settings }, request);
  return 'fits';
}

function sentLimit(settings: Json): number {
  const value = limits.map((name) => settings[name]).find((one) => one !== undefined);
  return typeof value === 'number' ? value : Number.POSITIVE_INFINITY;
}

/** Stop sequences are always sent as a list. */
function isSame(sent: unknown, asked: number | string | readonly string[]): boolean {
  if (typeof asked === 'number') return sent === asked;
  const stops = [asked].flat();
  return stops.length === 0 || JSON.stringify(sent) === JSON.stringify(stops);
}

/** Whether the model goes on with a turn in which it called tools. What it thought before them is not carried. */
function endsInCalls({ messages }: ChatRequest): boolean {
  const last = messages.findLast(({ role }) => role === 'assistant');
  return last?.role === 'assistant' && (last.tool_calls?.length ?? 0) > 0;
}
