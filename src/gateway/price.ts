import type { Backend } from '../charter/schema.ts';
import type { Inquiry, Usage } from './dialect.ts';

/**
 * Characters per token at the densest: English has about 4, Estonian about 2.5, other scripts fewer (tokenizer counts of
 * SmolLM2, 2026-11). A reservation must not be too small, so 2 is assumed; the settlement uses the real count.
 */
const CHARACTERS_PER_TOKEN = 2;
/** What a chat template adds around a message, in tokens. ChatML adds 5. */
const TOKENS_PER_MESSAGE = 8;

export function estimatePromptTokens(texts: readonly string[]): number {
  let characters = 0;
  for (const text of texts) characters += text.length;
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + TOKENS_PER_MESSAGE * texts.length;
}

/** The estimate of a reservation would be twice too high: English has about four characters to a token, and half of that is the reserve. */
const RESERVED_FOR_EACH = 2;

/** What the prompt of a request probably has, to tell a caller; a reservation takes more. */
export function likelyPromptTokens({ texts, mediaTokens }: Inquiry): number {
  return Math.ceil(estimatePromptTokens(texts.reveal()) / RESERVED_FOR_EACH) + mediaTokens;
}

/** Millionths of the currency: a price per million tokens is that many millionths per token. Rounded up. */
export function moneyOf(backend: Backend, usage: Usage): number {
  const { inputPerMillion, outputPerMillion } = backend.price;
  return roundUp(usage.promptTokens * inputPerMillion + usage.completionTokens * outputPerMillion);
}

/** What sums of decimal fractions may be beside the true one, as a share: 100 tokens at 0.07 make 7.000000000000001. */
const BINARY_ERROR = 4 * Number.EPSILON;

/** A part of one is one; what only the binary form of a decimal fraction adds is no part. */
export function roundUp(amount: number): number {
  const whole = Math.round(amount);
  return Math.abs(amount - whole) <= amount * BINARY_ERROR ? whole : Math.ceil(amount);
}

/** How long one choice may get on this backend: what the caller asked for, within the backend's bound. */
export function outputTokensMax(inquiry: Inquiry, backend: Backend): number {
  return Math.min(inquiry.maxOutputTokens ?? backend.maxOutputTokens, backend.maxOutputTokens);
}

/** Upper estimates: an image in high detail (OpenAI counts 1,105 for 1024 x 1024, Anthropic at most 1,600; 2026-11), others by their size. */
export const TOKENS_PER_IMAGE = 1_600;
const CHARACTERS_PER_MEDIA_TOKEN = 16;

/** Of a part or block that is a file or a recording, by its size. */
export function mediaTokensOf(part: unknown): number {
  return Math.ceil(JSON.stringify(part).length / CHARACTERS_PER_MEDIA_TOKEN);
}
