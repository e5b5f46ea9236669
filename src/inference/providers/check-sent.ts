import type { ChatRequest } from './chat-request.ts';
import { outputLimit } from './read-chat.ts';
import { refuse } from './refuse.ts';

/** What providers call these settings. */
const names = {
  temperature: ['temperature'],
  top_p: ['top_p', 'topP', 'p'],
  top_k: ['top_k', 'topK', 'k'],
  seed: ['seed', 'random_seed'],
  frequency_penalty: ['frequency_penalty', 'frequencyPenalty'],
  presence_penalty: ['presence_penalty', 'presencePenalty'],
} as const;
const limits = ['max_tokens', 'maxTokens', 'maxOutputTokens'];
/** Where they stand, when not at the top. */
const groups = ['inferenceConfig', 'generationConfig', 'additionalModelRequestFields'];

type Json = Readonly<Record<string, unknown>>;

/**
 * Packages drop or clamp what a model does not take, and say so only beside the answer. The request is looked at before
 * it leaves. @returns whether the answer could become longer than was asked for @throws Problem for what was dropped
 */
export function checkSent(text: string, request: ChatRequest): 'within' | 'beyond' {
  const body = JSON.parse(text) as Json;
  const settings: Json = Object.assign({ ...body }, ...groups.map((group) => body[group] ?? {}));
  const limit = outputLimit(request);
  const sentLimit = limits.map((name) => settings[name]).find((value) => value !== undefined);
  if (limit !== undefined && !(typeof sentLimit === 'number' && sentLimit <= limit)) return 'beyond';
  for (const [param, candidates] of Object.entries(names)) {
    const asked = request[param as keyof typeof names];
    if (asked != null && !candidates.some((name) => settings[name] === asked))
      throw refuse(param, 'this model does not take this value, or not beside the others');
  }
  return 'within';
}
