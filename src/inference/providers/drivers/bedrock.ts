import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { Secret } from '../../resolve-secret.ts';
import type { Driver, OpenDriver } from '../driver.ts';
import { readAwsLogin } from '../read-aws-login.ts';

/** What the package is not given, it looks for in the environment. */
const NO_KEY = new Secret('none');

/** Amazon Bedrock's Converse, signed (Signature Version 4) where there are credentials that sign, else with a bearer key. */
export const openBedrock: OpenDriver = ({ baseUrl, key = NO_KEY, keyId, region }, fetch): Driver => {
  const login = readAwsLogin({ key, keyId, region }, Date.now());
  // An API key of blanks switches the environment's off and signing on.
  const keys = 'apiKey' in login ? login : { apiKey: ' ', credentialProvider: async () => login };
  const provider = createAmazonBedrock({ baseURL: baseUrl, region: region ?? 'none', fetch, ...keys });
  return {
    language: (model) => provider(model),
    embedding: (model) => provider.embeddingModel(model),
    reranking: (model) => provider.rerankingModel(model),
    thinking: {
      leastTokens: 1024,
      isAddedToLimit: true,
      within: (budgetTokens) => ({ bedrock: { reasoningConfig: { type: 'enabled', budgetTokens } } }),
    },
    callIds: /^[\w-]{1,64}$/,
    // Converse has no such choice; Claude's own is passed on to it.
    forbidCalls: (model) =>
      model.includes('anthropic')
        ? { bedrock: { additionalModelRequestFields: { tool_choice: { type: 'none' } } } }
        : null,
    mostEffort: 'xhigh',
    takesImageUrls: false,
    takesJsonObject: false,
    takesSingleCalls: false,
    takesToolFiles: true,
    takesLateInstructions: false,
  };
};
