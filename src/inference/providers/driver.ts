import type { createAnthropic } from '@ai-sdk/anthropic';
import type { createCohere } from '@ai-sdk/cohere';
import type { Secret } from '../resolve-secret.ts';
import type { ChatRequest } from './chat-request.ts';

/** Specification v4 of the packages' models. */
export type LanguageModel = ReturnType<ReturnType<typeof createAnthropic>>;
export type CallOptions = Parameters<LanguageModel['doStream']>[0];
export type Prompt = CallOptions['prompt'];
export type WholeResult = Awaited<ReturnType<LanguageModel['doGenerate']>>;
export type StreamPart =
  Awaited<ReturnType<LanguageModel['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never;
export type EmbeddingModel = ReturnType<ReturnType<typeof createCohere>['embeddingModel']>;
export type RerankingModel = ReturnType<ReturnType<typeof createCohere>['rerankingModel']>;
export type ProviderOptions = NonNullable<CallOptions['providerOptions']>;

export interface DriverSettings {
  readonly baseUrl: string;
  /** A server of one's own may ask for none. */
  readonly key?: Secret;
  /** Access key id: requests are signed with Signature Version 4, as with a `key` that is a file of credentials. */
  readonly keyId?: Secret;
  readonly region?: string;
  /** Where the key may be one that buys access tokens. */
  readonly tokens?: TokenSource;
}

/** Access tokens that end. */
export interface TokenSource {
  /** Whether a key buys tokens, or is itself what is sent. */
  isBoughtWith(key: string): boolean;
  /** A good one, bought with the key. @throws Error whose name says why there is none */
  token(key: string): Promise<string>;
  /** The provider did not take it. */
  forget(token: string): void;
}

/** One provider's package, opened for one call: everything it sends goes through the `fetch` that it was given. */
export interface Driver {
  language(model: string): LanguageModel;
  embedding?(model: string): EmbeddingModel;
  reranking?(model: string): RerankingModel;
  /** What only this provider's options can say. */
  options?(request: ChatRequest): ProviderOptions;
  embeddingOptions?(dimensions: number): ProviderOptions;
  readonly thinking?: BoundedThinking;
  /** The effort that the package makes the most of; one above it would be lost. */
  readonly mostEffort: 'xhigh' | 'max';
  /** What the ids of tool calls must look like. */
  readonly callIds?: RegExp;
  /** Takes past calls only beside declared tools. How a model is then told to call none; null where it cannot be told. */
  forbidCalls?(model: string): ProviderOptions | null;
  /** Fetches images that stand at an address. */
  readonly takesImageUrls: boolean;
  /** JSON of any shape. */
  readonly takesJsonObject: boolean;
  /** Can be told to call one tool at a time. */
  readonly takesSingleCalls: boolean;
  /** Results of tools may hold more than text. */
  readonly takesToolFiles: boolean;
  /** A system message may stand behind others. */
  readonly takesLateInstructions: boolean;
}

/** Thinking that is kept within a number of tokens. */
export interface BoundedThinking {
  /** What every model that thinks takes at least, tokens. */
  readonly leastTokens: number;
  /** Whether the package adds the budget to the most that is asked for. */
  readonly isAddedToLimit: boolean;
  within(budgetTokens: number): ProviderOptions;
}

export type OpenDriver = (settings: DriverSettings, fetch: typeof globalThis.fetch) => Driver;

/** Never empty: what a package is not given, it looks for in the environment. */
export function keyText(key: Secret | undefined): string {
  return key?.reveal() ?? 'none';
}
