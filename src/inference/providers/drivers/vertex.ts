import { createVertex } from '@ai-sdk/google-vertex/edge';
import { type Driver, keyText, type OpenDriver, type TokenSource } from '../driver.ts';

/**
 * Google Vertex: generateContent. The package is always opened in its mode for API keys: in the other one it would ask
 * Google's address for tokens by a `fetch` of its own. Access tokens (OAuth 2.0, `ya29.`) go into their header here, given or
 * bought with a service account's key.
 */
export const openVertex: OpenDriver = ({ baseUrl, key, tokens }, fetch): Driver => {
  const text = tokens === undefined ? keyText(key) : 'none';
  const provider = createVertex({ baseURL: baseUrl, apiKey: text, fetch: sending(text, { tokens, fetch }) });
  return {
    language: (model) => provider(model),
    embedding: (model) => provider.embeddingModel(model),
    embeddingOptions: (outputDimensionality) => ({ vertex: { outputDimensionality } }),
    takesImageUrls: true,
    takesJsonObject: true,
    takesSingleCalls: false,
  };
};

const isToken = (text: string) => text.startsWith('ya29.');

type Fetch = typeof globalThis.fetch;

function sending(text: string, { tokens, fetch }: { tokens: TokenSource | undefined; fetch: Fetch }): Fetch {
  if (tokens !== undefined) return withBought(tokens, fetch);
  return isToken(text) ? (input, init) => fetch(input, withToken(init, text)) : fetch;
}

function withToken(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers);
  headers.delete('x-goog-api-key');
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/** A token that the provider does not take is replaced once: it may have been revoked before its time. */
function withBought(tokens: TokenSource, fetch: Fetch): Fetch {
  return async (input, init) => {
    const token = await tokens.token();
    const answer = await fetch(input, withToken(init, token));
    if (answer.status !== 401) return answer;
    await answer.body?.cancel();
    tokens.forget(token);
    return await fetch(input, withToken(init, await tokens.token()));
  };
}
