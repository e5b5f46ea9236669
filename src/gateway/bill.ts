import type { Route } from '../policy/schema.ts';
import type { AnswerSummary, Inquiry, Usage } from './dialect.ts';
import { likelyPromptTokens, moneyOf, outputTokensMax } from './price.ts';

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

/**
 * The upstream's count when it can be one; else ours: what the prompt probably has, as the client is told it, and what was
 * counted as the answer flowed. Of what is free, nothing.
 */
export function billOf(billed: Billed, summary: AnswerSummary | null): Bill {
  if (billed.inquiry.isFree) return nothingUsed;
  const { backend } = billed.route.facts;
  const said = summary?.usage ?? null;
  const isSound = said !== null && isPlausible(said, billed, summary);
  const usage = isSound ? said : countedUsage(billed, summary);
  return { ...usage, source: isSound ? 'upstream' : 'counted', moneyMicros: moneyOf(backend, usage) };
}

function countedUsage(billed: Billed, summary: AnswerSummary | null): Usage {
  const begun = summary?.promptTokens ?? 0;
  const isKnown = begun > 0 && begun <= promptTokensMax(billed);
  return {
    promptTokens: isKnown ? begun : likelyPromptTokens(billed.inquiry),
    completionTokens: summary?.counted ?? 0,
  };
}

/** Scripts that a tokenizer hardly knows have up to four tokens to a character, and the estimate is half of one. */
const PROMPT_FACTOR = 8;
/** A picture may have 30 times the estimate (gpt-4o-mini: 48,169 tokens in high detail; OpenAI, 2026-11), a document of packed text 20 times. */
const MEDIA_FACTOR = 32;
/** Templates, tools that a provider describes in its own words, and rounding. */
const SLACK_TOKENS = 2_000;

function promptTokensMax({ inquiry: { mediaTokens }, promptTokensEstimate }: Billed): number {
  return (promptTokensEstimate - mediaTokens) * PROMPT_FACTOR + mediaTokens * MEDIA_FACTOR + SLACK_TOKENS;
}

/** A count that nothing in the request explains is a fault of the upstream: nobody pays for it. */
function isPlausible(usage: Usage, billed: Billed, summary: AnswerSummary | null): boolean {
  const { inquiry, route, promptTokensEstimate } = billed;
  // The collection reads no tokens; every model does.
  if (usage.promptTokens === 0 && promptTokensEstimate > 0 && route.facts.model !== null) return false;
  if (usage.promptTokens > promptTokensMax(billed)) return false;
  if (usage.completionTokens > 2 * outputTokensMax(inquiry, route.facts.backend) * inquiry.choices + SLACK_TOKENS)
    return false;
  return usage.completionTokens > 0 || (summary?.counted ?? 0) === 0;
}
