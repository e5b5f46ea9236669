import type {
  ChatHistoryItem,
  ChatWrapper,
  LlamaChat,
  LlamaContext,
  LlamaContextSequence,
  LlamaModel,
} from 'node-llama-cpp';
import type { ChatInput } from './chat-input.ts';

export interface EngineOptions {
  readonly path: string;
  /** Tokens that one conversation may have. */
  readonly contextTokens: number;
  /** Conversations that are computed together. */
  readonly sequences: number;
  /** The number of cores. Never left to the engine: its default thrashes (1 instead of 40 tokens/s on 2 cores, 2026-11). */
  readonly threads: number;
}

export interface Generated {
  readonly text: string;
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export type Generation =
  | { readonly kind: 'done'; readonly generated: Generated }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'too-long'; readonly promptTokens: number }
  | { readonly kind: 'full' };

export interface GenerateHooks {
  readonly signal: AbortSignal;
  onText(text: string): void;
}

export interface Engine {
  generate(input: ChatInput, hooks: GenerateHooks): Promise<Generation>;
  close(): Promise<void>;
}

/** Conversations that may wait for a free place. More are told to come again. */
const WAITING_MAX = 64;
const BATCH_TOKENS = 512;

/** Loads a model file. Conversations share one context, so that their tokens are computed in common batches. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  // Here and not above: it takes 0.4 s to read, and gateways read this folder too.
  const { getLlama, LlamaChat, LlamaLogLevel, resolveChatWrapper } = await import('node-llama-cpp');
  const llama = await getLlama({
    build: 'never',
    gpu: false,
    maxThreads: options.threads,
    logLevel: LlamaLogLevel.error,
    progressLogs: false,
  });
  const model = await llama.loadModel({ modelPath: options.path, gpuLayers: 0 });
  const context = await model.createContext({
    sequences: options.sequences,
    contextSize: Math.min(options.contextTokens, model.trainContextSize),
    batchSize: BATCH_TOKENS,
    threads: options.threads,
    // Half the memory of 16-bit keys and values, and on two cores faster too: 8 × 8,192 tokens take 0.75 GB (2026-11).
    flashAttention: true,
    experimentalKvCacheKeyType: 'Q8_0',
    experimentalKvCacheValueType: 'Q8_0',
  });
  // Resolved once, from the template in the file: for each conversation anew it would cost 150 ms.
  const wrapper = resolveChatWrapper(model);
  if (wrapper === null) throw new Error('the model file has no chat template');
  return new LlamaEngine({
    model,
    context,
    wrapper,
    openChat: (options) => new LlamaChat(options),
    sequences: options.sequences,
  });
}

interface EngineParts {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly wrapper: ChatWrapper;
  openChat(options: ConstructorParameters<typeof LlamaChat>[0]): LlamaChat;
  readonly sequences: number;
}

class LlamaEngine implements Engine {
  readonly #parts: EngineParts;
  readonly #free: LlamaContextSequence[];
  readonly #waiting: (() => void)[] = [];

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#free = Array.from({ length: parts.sequences }, () => parts.context.getSequence());
  }

  async generate(input: ChatInput, hooks: GenerateHooks): Promise<Generation> {
    const promptTokens = this.#countPrompt(input.history);
    if (promptTokens >= this.#parts.context.contextSize) return { kind: 'too-long', promptTokens };
    if (this.#free.length === 0 && this.#waiting.length >= WAITING_MAX) return { kind: 'full' };
    const sequence = await this.#take(hooks.signal);
    if (sequence === null) return { kind: 'aborted' };
    try {
      return await this.#run(sequence, { input, hooks, promptTokens });
    } finally {
      this.#free.push(sequence);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await this.#parts.context.dispose();
    await this.#parts.model.dispose();
  }

  #countPrompt(history: readonly ChatHistoryItem[]): number {
    const { wrapper, model } = this.#parts;
    const { contextText } = wrapper.generateContextState({
      chatHistory: [...history, { type: 'model', response: [] }],
    });
    return contextText.tokenize(model.tokenizer).length;
  }

  /** Null when the caller left while it waited. */
  async #take(signal: AbortSignal): Promise<LlamaContextSequence | null> {
    while (!signal.aborted) {
      const sequence = this.#free.shift();
      if (sequence !== undefined) return sequence;
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          const place = this.#waiting.indexOf(wake);
          if (place >= 0) this.#waiting.splice(place, 1);
          resolve();
        };
        this.#waiting.push(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    return null;
  }

  async #run(
    sequence: LlamaContextSequence,
    turn: { input: ChatInput; hooks: GenerateHooks; promptTokens: number },
  ): Promise<Generation> {
    const { input, hooks, promptTokens } = turn;
    const chat = this.#parts.openChat({ contextSequence: sequence, chatWrapper: this.#parts.wrapper });
    const room = this.#parts.context.contextSize - promptTokens;
    const maxTokens = Math.min(input.maxTokens ?? room, room);
    let tokens = 0;
    try {
      const answer = await chat.generateResponse(input.history, {
        signal: hooks.signal,
        maxTokens,
        temperature: input.temperature,
        topP: input.topP,
        ...(input.seed === null ? {} : { seed: Math.abs(input.seed) }),
        repeatPenalty: { frequencyPenalty: input.frequencyPenalty, presencePenalty: input.presencePenalty, penalty: 1 },
        ...(input.stops.length === 0 ? {} : { customStopTriggers: [...input.stops] }),
        onToken: (made) => {
          tokens += made.length;
        },
        onTextChunk: (text) => {
          if (text !== '') hooks.onText(text);
        },
      });
      const { stopReason } = answer.metadata;
      if (stopReason === 'abort') return { kind: 'aborted' };
      const generated = {
        text: answer.response,
        finishReason: stopReason === 'maxTokens' ? ('length' as const) : ('stop' as const),
        promptTokens,
        completionTokens: tokens,
      };
      return { kind: 'done', generated };
    } catch (cause) {
      if (hooks.signal.aborted) return { kind: 'aborted' };
      throw cause;
    } finally {
      chat.dispose();
    }
  }
}
