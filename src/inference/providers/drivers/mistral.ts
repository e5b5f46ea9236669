import { createMistral } from '@ai-sdk/mistral';
import { type Driver, keyText, type OpenDriver } from '../driver.ts';

/** Mistral's own API: near OpenAI's, with other names for seed and thoughts. */
export const openMistral: OpenDriver = ({ baseUrl, key }, fetch): Driver => {
  const provider = createMistral({ baseURL: baseUrl, apiKey: keyText(key), fetch });
  return {
    language: (model) => provider(model),
    embedding: (model) => provider.embeddingModel(model),
    embeddingOptions: (outputDimension) => ({ mistral: { outputDimension } }),
    options: ({ parallel_tool_calls: isParallel, response_format: format, tools }) => ({
      mistral: {
        ...(isParallel === false && tools?.length ? { parallelToolCalls: false } : {}),
        ...(format?.type === 'json_schema' ? { strictJsonSchema: format.json_schema.strict === true } : {}),
      },
    }),
    callIds: /^[a-zA-Z0-9]{9}$/,
    mostEffort: 'xhigh',
    takesImageUrls: true,
    takesJsonObject: true,
    takesSingleCalls: true,
    takesToolFiles: false,
    takesLateInstructions: true,
  };
};
