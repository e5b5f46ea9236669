import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { type Driver, keyText, type OpenDriver } from '../driver.ts';

/** Amazon Bedrock's Converse, signed (Signature Version 4) where there is a key id, else with a bearer key. */
export const openBedrock: OpenDriver = ({ baseUrl, key, keyId, region = 'none' }, fetch): Driver => {
  // An API key of blanks switches the environment's off and signing on.
  const login =
    keyId === undefined
      ? { apiKey: keyText(key) }
      : {
          apiKey: ' ',
          credentialProvider: async () => ({ accessKeyId: keyId.reveal(), secretAccessKey: keyText(key) }),
        };
  const provider = createAmazonBedrock({ baseURL: baseUrl, region, fetch, ...login });
  return {
    language: (model) => provider(model),
    embedding: (model) => provider.embeddingModel(model),
    reranking: (model) => provider.rerankingModel(model),
    thinking: (budgetTokens) => ({ bedrock: { reasoningConfig: { type: 'enabled', budgetTokens } } }),
    takesImageUrls: false,
    takesJsonObject: false,
    takesSingleCalls: false,
  };
};
