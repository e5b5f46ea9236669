import { createVertex } from '@ai-sdk/google-vertex/edge';
import type { Secret } from '../../resolve-secret.ts';
import { type Driver, keyText, type OpenDriver, type TokenSource } from '../driver.ts';

/**
 * Google Vertex: generateContent. The package is always opened in its mode for API keys: in the other one it would ask
 * Google's address for tokens by a `fetch` of its own. It never holds the key, which may be renewed at any time: what a
 * request is sent with is written into its header here.
 */
export const openVertex: OpenDriver = ({ baseUrl, key, tokens }, fetch): Driver => {
  const provider = createVertex({ baseURL: baseUrl, apiKey: 'none', fetch: sending({ key, tokens }, fetch) });
  return {
    language: (model) => provider(model),
    embedding: (model) => provider.embeddingModel(model),
    embeddingOptions: (outputDimensionality) => ({ vertex: { outputDimensionality } }),
    thinking: {
      leastTokens: 512,
      isAddedToLimit: false,
      within: (thinkingBudget) => ({ vertex: { thinkingConfig: { thinkingBudget } } }),
    },
    mostEffort: 'xhigh',
    takesImageUrls: true,
    takesJsonObject: true,
    takesSingleCalls: false,
    takesToolFiles: true,
    takesLateInstructions: false,
  };
};

const isToken = (text: string) => text.startsWith('ya29.');

type Fetch = typeof globalThis.fetch;

interface Sources {
  readonly key: Secret | undefined;
  readonly tokens: TokenSource | undefined;
}

function sending({ key, tokens }: Sources, fetch: Fetch): Fetch {
  return async (input, init) => {
    // Read once: what was judged is what is sent.
    const text = keyText(key);
    if (!tokens?.isBoughtWith(text)) return await fetch(input, withKey(init, text));
    const token = await tokens.token(text);
    const answer = await fetch(input, withToken(init, token));
    if (answer.status !== 401) return answer;
    // Replaced once: it may have been revoked before its time.
    await answer.body?.cancel();
    tokens.forget(token);
    return await fetch(input, withToken(init, await tokens.token(text)));
  };
}

function withKey(init: RequestInit | undefined, key: string): RequestInit {
  if (isToken(key)) return withToken(init, key);
  const headers = new Headers(init?.headers);
  headers.set('x-goog-api-key', key);
  return { ...init, headers };
}

function withToken(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers);
  headers.delete('x-goog-api-key');
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}
