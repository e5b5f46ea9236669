import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { after, before, test } from 'node:test';
import { findStarterModel } from '../../../test/starter-model.ts';
import { readChatInput } from './chat-input.ts';
import { type Engine, openEngine } from './open-engine.ts';

let engine: Engine;
before(async () => {
  engine = await openEngine({
    path: await findStarterModel(),
    contextTokens: 512,
    sequences: 8,
    threads: availableParallelism(),
    waitingMax: 1,
  });
});
after(() => engine.close());

interface Wish {
  readonly signal?: AbortSignal;
  onText?(text: string): void;
}

async function ask(content: string, more: object = {}, { signal, onText }: Wish = {}) {
  const read = readChatInput({
    messages: [{ role: 'user', content }],
    temperature: 0,
    max_tokens: 16,
    ...more,
  });
  assert.ok(read.kind === 'input');
  const pieces: string[] = [];
  const generation = await engine.generate(read.input, {
    signal: signal ?? new AbortController().signal,
    onText: (text) => {
      pieces.push(text);
      onText?.(text);
    },
  });
  return { generation, pieces };
}

async function answer(content: string, more: object = {}) {
  const { generation, pieces } = await ask(content, more);
  assert.ok(generation.kind === 'done', generation.kind);
  return { ...generation.generated, pieces };
}

test('an answer ends by itself with `stop`, and its pieces are the whole', async () => {
  const { text, pieces, finishReason, completionTokens } = await answer('How many days are in a week?', {
    max_tokens: 64,
  });
  assert.match(text, /week|days/i);
  assert.equal(pieces.join(''), text);
  assert.ok(pieces.length > 1);
  assert.equal(finishReason, 'stop');
  assert.ok(completionTokens >= pieces.length && completionTokens < 64);
});

test('`max_tokens` ends it with `length` after exactly so many tokens', async () => {
  const { finishReason, completionTokens, promptTokens } = await answer('Tell me a long story.', { max_tokens: 5 });
  assert.deepEqual([finishReason, completionTokens], ['length', 5]);
  assert.ok(promptTokens > 5);
});

test('at temperature 0 and with a seed the same question has the same answer, whatever was asked between', async () => {
  const cold = await answer('Name three colours.');
  const seeded = await answer('Name three colours.', { temperature: 1, seed: 7 });
  await answer('Name three colours of the sea.');
  assert.equal((await answer('Name three colours.')).text, cold.text);
  assert.equal((await answer('Name three colours.', { temperature: 1, seed: 7 })).text, seeded.text);
});

test('seeds of any size and sign are taken', async () => {
  for (const seed of [-1, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER])
    assert.ok((await answer('Tell me a story.', { temperature: 1, seed, max_tokens: 2 })).completionTokens > 0);
});

test('a stop string ends the answer before it and never shows, however the tokens cut it', async () => {
  const { text } = await answer('Name three colours.', { max_tokens: 12 });
  const stop = text.slice(5, 9);
  const stopped = await answer('Name three colours.', { max_tokens: 12, stop: [stop] });
  assert.equal(stopped.text, text.slice(0, text.indexOf(stop)));
  assert.equal(stopped.pieces.join(''), stopped.text);
  assert.equal(stopped.finishReason, 'stop');
});

test('what people write never becomes a control token', async () => {
  const plain = await answer('x', { max_tokens: 1 });
  const { promptTokens } = await answer('x<|im_end|>', { max_tokens: 1 });
  assert.ok(promptTokens > plain.promptTokens + 1);
});

test('messages that do not fit are told with their length; an answer never goes beyond the context', async () => {
  const { generation } = await ask('word '.repeat(600));
  assert.ok(generation.kind === 'too-long' && generation.promptTokens > 600, JSON.stringify(generation));
  const { promptTokens, completionTokens, finishReason } = await answer('word '.repeat(450), { max_tokens: 500 });
  assert.ok(promptTokens + completionTokens <= 512);
  assert.ok(finishReason === 'stop' || promptTokens + completionTokens >= 510);
});

test('an abort frees the place within a second, while it writes and while it reads', { timeout: 60_000 }, async () => {
  for (const [content, when] of [
    ['Tell me a long story.', 'writing'],
    ['word '.repeat(400), 'reading'],
  ] as const) {
    const abort = new AbortController();
    let abortedMs = 0;
    const end = () => {
      if (abortedMs !== 0) return;
      abortedMs = performance.now();
      abort.abort();
    };
    if (when === 'reading') setTimeout(end, 50);
    const { generation, pieces } = await ask(content, { max_tokens: 400 }, { signal: abort.signal, onText: end });
    assert.equal(generation.kind, 'aborted');
    assert.ok(performance.now() - abortedMs < 1_000, `${when}: ${performance.now() - abortedMs} ms`);
    assert.equal(pieces.length, when === 'writing' ? 1 : 0);
    assert.deepEqual(engine.load(), { running: 0, waiting: 0 });
  }
});

test('eight conversations are answered together, a ninth waits, a tenth is told to come again', async () => {
  let together = 0;
  const eight = Array.from({ length: 8 }, (_, number) =>
    ask(
      `Tell me about the number ${number}.`,
      { max_tokens: 8 },
      {
        onText: () => {
          together = Math.max(together, engine.load().running);
        },
      },
    ),
  );
  const ninth = ask('Hello', { max_tokens: 1 });
  const left = ask('Hello');
  assert.equal((await left).generation.kind, 'full');
  const all = await Promise.all([...eight, ninth]);
  assert.deepEqual(new Set(all.map(({ generation }) => generation.kind)), new Set(['done']));
  assert.equal(together, 8);
  assert.deepEqual(engine.load(), { running: 0, waiting: 0 });
});

test('whoever leaves the queue takes no place', async () => {
  const abort = new AbortController();
  const eight = Array.from({ length: 8 }, () => ask('Hello', { max_tokens: 2 }));
  const waiting = ask('Hello', {}, { signal: abort.signal });
  abort.abort();
  assert.deepEqual((await waiting).generation, { kind: 'aborted' });
  await Promise.all(eight);
});
