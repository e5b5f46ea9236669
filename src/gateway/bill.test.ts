import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sensitive } from '../kit/index.ts';
import type { Route } from '../policy/schema.ts';
import { billOf } from './bill.ts';
import type { AnswerSummary, Inquiry } from './dialect.ts';
import { estimatePromptTokens, likelyPromptTokens, TOKENS_PER_IMAGE } from './price.ts';

const route = (inputPerMillion: number, outputPerMillion = 0) =>
  ({
    facts: { backend: { price: { inputPerMillion, outputPerMillion }, maxOutputTokens: 4_096 }, model: { id: 'm' } },
  }) as unknown as Route;

function billed(price: Route, { words = 'Tere', mediaTokens = 0 } = {}) {
  const texts = [words];
  const inquiry = { texts: new Sensitive(texts), mediaTokens, maxOutputTokens: null, choices: 1 } as unknown as Inquiry;
  return { inquiry, route: price, promptTokensEstimate: estimatePromptTokens(texts) + mediaTokens };
}

const answered = (known: Partial<AnswerSummary>): AnswerSummary => ({
  textDigests: [],
  finishReason: 'stop',
  usage: null,
  counted: 0,
  ...known,
});
const saying = (promptTokens: number, completionTokens: number) =>
  answered({ usage: { promptTokens, completionTokens } });

test('a whole number of millionths is that number, though a price has no exact binary form', () => {
  const moneyOf = (input: number, output: number, usage: AnswerSummary) =>
    billOf(billed(route(input, output), { words: 'x'.repeat(20_000) }), usage).moneyMicros;
  assert.equal(moneyOf(0.07, 0.28, saying(100, 0)), 7);
  assert.equal(moneyOf(0.07, 0.28, saying(100, 100)), 35);
  assert.equal(moneyOf(0.1, 0.7, saying(3, 1)), 1);
  assert.equal(moneyOf(0.07, 0, saying(101, 0)), 8, 'a part of a millionth is one');
  assert.equal(moneyOf(0.07, 0, saying(1, 0)), 1);
  assert.equal(moneyOf(0, 0, saying(100, 100)), 0);
});

test('pictures and documents are billed as the upstream counts them, also where it counts many times our estimate', () => {
  // gpt-4o-mini counts up to 48,169 tokens for one picture in high detail (OpenAI, 2026-11).
  const picture = billOf(billed(route(1), { mediaTokens: TOKENS_PER_IMAGE }), saying(48_180, 20));
  assert.deepEqual([picture.source, picture.promptTokens], ['upstream', 48_180]);
  const text = billOf(billed(route(1)), saying(48_180, 20));
  assert.equal(text.source, 'counted', 'a greeting has no 48,180 tokens');
});

test('of an answer that was cut, the prompt is what the upstream had counted when it began', () => {
  const asked = billed(route(1, 1), { words: 'word '.repeat(100) });
  const cut = billOf(asked, answered({ finishReason: null, counted: 3, promptTokens: 140 }));
  assert.deepEqual([cut.promptTokens, cut.completionTokens, cut.source, cut.moneyMicros], [140, 3, 'counted', 143]);
  const absurd = billOf(asked, answered({ counted: 3, promptTokens: 10_000_000 }));
  assert.equal(absurd.promptTokens, likelyPromptTokens(asked.inquiry));
});

test('where nobody counted, the bill has what the client is told, and not the reserve beside it', () => {
  const asked = billed(route(1), { words: 'word '.repeat(100), mediaTokens: 7 });
  assert.equal(billOf(asked, answered({})).promptTokens, likelyPromptTokens(asked.inquiry));
  assert.equal(billOf(asked, null).promptTokens, likelyPromptTokens(asked.inquiry));
});
