import type { ChatRequest } from './chat-request.ts';
import type { CallOptions, Driver } from './driver.ts';
import { outputLimit } from './read-chat.ts';
import { refuse } from './refuse.ts';

interface Asked {
  readonly request: ChatRequest;
  readonly options: CallOptions;
}

/** Packages add thinking to the most that was asked for; that bound is what the request was admitted with. */
export const beyond = refuse('reasoning_effort', 'its thinking would go beyond `max_tokens`');

const shares: Readonly<Record<string, number>> = {
  ...{ minimal: 0.1, low: 0.25, medium: 0.5, high: 0.75, xhigh: 0.9, max: 0.95 },
};

/** Thinking as a part of what was asked for. @throws Problem where there is no room for it */
export function thinkWithin({ request, options }: Asked, { thinking }: Driver): Asked {
  const limit = outputLimit(request) ?? 0;
  if (thinking === undefined) throw beyond;
  const share = shares[request.reasoning_effort ?? ''] ?? 0.5;
  const budget = Math.max(thinking.leastTokens, Math.floor(limit * share));
  if (budget >= limit)
    throw refuse('reasoning_effort', `it needs a \`max_tokens\` of more than ${thinking.leastTokens}`);
  const { reasoning: _, ...rest } = options;
  const providerOptions = { ...rest.providerOptions };
  for (const [name, value] of Object.entries(thinking.within(budget)))
    providerOptions[name] = { ...providerOptions[name], ...value };
  const maxOutputTokens = thinking.isAddedToLimit ? limit - budget : limit;
  return { request, options: { ...rest, maxOutputTokens, providerOptions } };
}

/**
 * Claude takes budgeted thinking behind calls of tools only with the signed thoughts that led to them, which OpenAI's format
 * does not carry. The turn goes on without, as it also may at Anthropic.
 */
export function withoutThinking({ request, options: { reasoning: _, ...options } }: Asked): Asked {
  return { request: { ...request, reasoning_effort: null }, options };
}
