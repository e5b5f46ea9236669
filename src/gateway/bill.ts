import type { Route } from '../policy/schema.ts';
import type { AnswerSummary, Inquiry, Usage } from './dialect.ts';
import { moneyOf, outputTokensMax } from './price.ts';

/** What was used, and how that is known. */
export interface Bill {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly source: 'upstream' | 'counted' | 'none';
  readonly moneyMicros: number;
}

export const nothingUsed: Bill = { promptTokens: 0, completionTokens: 0, source: 'none', moneyMicros: 0 };

interface Billed {
  readonly inquiry: Inquiry;
  readonly route: Route;
  readonly promptTokensEstimate: number;
}

/** The upstream's count when it can be one; else ours: the estimate of the prompt and what was counted as it flowed. */
export function billOf(billed: Billed, summary: AnswerSummary | null): Bill {
  const { backend } = billed.route.facts;
  const said = summary?.usage ?? null;
  const isSound = said !== null && isPlausible(said, billed, summary);
  const usage = isSound ? said : { promptTokens: billed.promptTokensEstimate, completionTokens: summary?.counted ?? 0 };
  return { ...usage, source: isSound ? 'upstream' : 'counted', moneyMicros: moneyOf(backend, usage) };
}

/** Scripts that a tokenizer hardly knows have up to four tokens to a character, and the estimate is half of one. */
const PROMPT_FACTOR = 8;
/** Templates, tools that a provider describes in its own words, and rounding. */
const SLACK_TOKENS = 2_000;

/** A count that nothing in the request explains is a fault of the upstream: nobody pays for it. */
function isPlausible(
  usage: Usage,
  { inquiry, route, promptTokensEstimate }: Billed,
  summary: AnswerSummary | null,
): boolean {
  // The collection reads no tokens; every model does.
  if (usage.promptTokens === 0 && promptTokensEstimate > 0 && route.facts.model !== null) return false;
  if (usage.promptTokens > promptTokensEstimate * PROMPT_FACTOR + SLACK_TOKENS) return false;
  if (usage.completionTokens > 2 * outputTokensMax(inquiry, route.facts.backend) * inquiry.choices + SLACK_TOKENS)
    return false;
  return usage.completionTokens > 0 || (summary?.counted ?? 0) === 0;
}
