import { createVertex } from '@ai-sdk/google-vertex/edge';
import { type Driver, keyText, type OpenDriver } from '../driver.ts';

/**
 * Google Vertex: generateContent. The package is always opened in its mode for API keys: in the other one it would ask
 * Google's address for tokens by a `fetch` of its own. Access tokens (OAuth 2.0, `ya29.`) go into their header here.
 */
export const openVertex: OpenDriver = ({ baseUrl, key }, fetch): Driver => {
  const text = keyText(key);
  const provider = createVertex({ baseURL: baseUrl, apiKey: text, fetch: isToken(text) ? withToken(fetch) : fetch });
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

function withToken(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${headers.get('x-goog-api-key')}`);
    headers.delete('x-goog-api-key');
    return fetch(input, { ...init, headers });
  };
}
