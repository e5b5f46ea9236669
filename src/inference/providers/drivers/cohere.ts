import { createCohere } from '@ai-sdk/cohere';
import { type Driver, keyText, type OpenDriver } from '../driver.ts';

/** Cohere's API, version 2. */
export const openCohere: OpenDriver = ({ baseUrl, key }, fetch): Driver => {
  const provider = createCohere({ baseURL: baseUrl, apiKey: keyText(key), fetch });
  return {
    language: (model) => provider(model),
    embedding: (model) => provider.embeddingModel(model),
    reranking: (model) => provider.rerankingModel(model),
    embeddingOptions: (outputDimension) => ({ cohere: { outputDimension } }),
    thinking: {
      leastTokens: 1,
      isAddedToLimit: false,
      within: (tokenBudget) => ({ cohere: { thinking: { type: 'enabled', tokenBudget } } }),
    },
    mostEffort: 'xhigh',
    takesImageUrls: true,
    takesJsonObject: true,
    takesSingleCalls: false,
    takesToolFiles: false,
    takesLateInstructions: true,
  };
};
