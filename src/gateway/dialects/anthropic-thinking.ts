import { Problem } from '../../kit/index.ts';
import type { MessagesRequest } from './anthropic-schema.ts';

/** Anthropic takes no smaller budget. https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking (2026-11) */
const BUDGET_MIN = 1_024;

type Thinking = NonNullable<MessagesRequest['thinking']>;

/**
 * A budget for thinking must be below `max_tokens`, or Anthropic refuses it. Where the backend may write fewer tokens (`limit`)
 * than the caller asked for, half of them is left for the answer. Null: it goes as it came. @throws Problem where there is no room
 */
export function fitThinking({ thinking, max_tokens: asked }: MessagesRequest, limit: number): Thinking | null {
  const budget = thinking?.budget_tokens;
  if (thinking == null || budget == null || (asked ?? limit) <= limit || budget <= limit / 2) return null;
  const fitted = Math.max(BUDGET_MIN, Math.floor(limit / 2));
  if (fitted < limit) return { ...thinking, budget_tokens: fitted };
  const detail = `this backend writes ${limit} tokens at most, too few for \`thinking\`; leave it out or choose another model`;
  throw new Problem('unsupported-parameter', detail, { param: 'thinking' });
}
