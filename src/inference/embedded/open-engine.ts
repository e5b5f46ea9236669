import { totalmem } from 'node:os';
import type { LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import type { ChatInput } from './chat-input.ts';
import { fitContext } from './fit-context.ts';
import { type Generated, type GenerateHooks, generateAnswer } from './generate-answer.ts';
import { paceThreads } from './pace-threads.ts';
import { PlaceQueue } from './place-queue.ts';
import type { PromptTemplate } from './render-prompt.ts';

export interface EngineOptions {
  readonly path: string;
  /** Tokens that one conversation may have. */
  readonly contextTokens: number;
  /** Conversations that are computed together. */
  readonly sequences: number;
  /** The number of cores. Never left to the engine: its default thrashes (1 instead of 40 tokens/s on 2 cores, 2026-11). */
  readonly threads: number;
  /** Conversations that may wait for a free place; 64 without it. */
  readonly waitingMax?: number;
}

export type Generation =
  | { readonly kind: 'done'; readonly generated: Generated }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'too-long'; readonly promptTokens: number; readonly contextTokens: number }
  | { readonly kind: 'full' };

export interface Engine {
  generate(input: ChatInput, hooks: GenerateHooks): Promise<Generation>;
  /** Conversations that have a place, and those that wait for one. */
  load(): { readonly running: number; readonly waiting: number };
  close(): Promise<void>;
}

const WAITING_MAX = 64;
/** Tokens of one step: 0.4 s on two cores. Larger steps are no faster there, and an abort waits for the end of one. */
const STEP_TOKENS = 64;
/** Of the machine's memory, for what conversations remember: 8 × 8,192 tokens of the starter take 1.5 GB. */
const MEMORY_SHARE = 0.25;

/** Loads a model file. Conversations share one context, so that their tokens are computed in common steps. @throws Error */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  // Here and not above: gateways and commands import this folder too, and need no engine (0.4 s, 40 MB).
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const { readTemplate } = await import('./render-prompt.ts');
  const llama = await getLlama({
    build: 'never',
    gpu: false,
    maxThreads: options.threads,
    logLevel: LlamaLogLevel.error,
    progressLogs: false,
  });
  const model = await llama.loadModel({ modelPath: options.path, gpuLayers: 0 });
  const context = await createContext(model, options);
  const pace = paceThreads(options.threads, (threads) => {
    llama.maxThreads = threads;
  });
  return new LlamaEngine(
    { model, context, template: readTemplate(model), stopPacing: () => pace.stop() },
    options.waitingMax ?? WAITING_MAX,
  );
}

/** Keys and values of 16 bits and no flash attention: 8 bits took half the memory and, at 1,500 tokens, twice the time (2026-11). */
async function createContext(model: LlamaModel, options: EngineOptions): Promise<LlamaContext> {
  const fixed = { batchSize: STEP_TOKENS, flashAttention: false };
  const wanted = {
    sequences: options.sequences,
    contextSize: Math.min(options.contextTokens, model.trainContextSize),
  };
  const budgetBytes = MEMORY_SHARE * Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const shape = await fitContext(wanted, budgetBytes, async (tried) => {
    const needs = { ...fixed, ...tried, modelGpuLayers: 0 };
    return (await model.fileInsights.estimateContextResourceRequirementsV2(needs)).cpuRam;
  });
  return await model.createContext({ ...fixed, ...shape, threads: options.threads });
}

interface EngineParts {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly template: PromptTemplate;
  stopPacing(): void;
}

class LlamaEngine implements Engine {
  readonly #parts: EngineParts;
  readonly #places: PlaceQueue<LlamaContextSequence>;

  constructor(parts: EngineParts, waitingMax: number) {
    const { context } = parts;
    const sequences = Array.from({ length: context.totalSequences }, () => context.getSequence());
    this.#parts = parts;
    this.#places = new PlaceQueue(sequences, waitingMax);
  }

  async generate(input: ChatInput, hooks: GenerateHooks): Promise<Generation> {
    const { model, template, context } = this.#parts;
    const prompt = template.render(input.history);
    if (prompt.length >= context.contextSize)
      return { kind: 'too-long', promptTokens: prompt.length, contextTokens: context.contextSize };
    const likeness = (sequence: LlamaContextSequence) => sequence.compareContextTokens(prompt).firstDifferentIndex;
    const taken = await this.#places.take(hooks.signal, likeness);
    if (taken.kind !== 'place') return { kind: taken.kind === 'full' ? 'full' : 'aborted' };
    try {
      const pieceTokens = () => Math.max(1, Math.floor(STEP_TOKENS / this.#places.taken));
      const turn = { ...hooks, signal: hooks.signal, onText: (text: string) => hooks.onText(text), model, input };
      const generated = await generateAnswer(taken.place, { ...turn, prompt, ends: template.ends, pieceTokens });
      return generated === null ? { kind: 'aborted' } : { kind: 'done', generated };
    } finally {
      this.#places.giveBack(taken.place);
    }
  }

  load(): { running: number; waiting: number } {
    return { running: this.#places.taken, waiting: this.#places.waiting };
  }

  async close(): Promise<void> {
    this.#parts.stopPacing();
    await this.#parts.context.dispose();
    await this.#parts.model.dispose();
  }
}
