import { createAnthropic } from '@ai-sdk/anthropic';
import { type Driver, keyText, type OpenDriver } from '../driver.ts';

/** Anthropic's Messages. Parameters: platform.claude.com, API reference (2026-11). */
export const openAnthropic: OpenDriver = ({ baseUrl, key }, fetch): Driver => {
  const provider = createAnthropic({ baseURL: baseUrl, apiKey: keyText(key), fetch });
  return {
    language: (model) => provider(model),
    options: ({ parallel_tool_calls: isParallel, tools }) => ({
      anthropic: isParallel === false && tools?.length ? { disableParallelToolUse: true } : {},
    }),
    thinking: {
      leastTokens: 1024,
      isAddedToLimit: true,
      within: (budgetTokens) => ({ anthropic: { thinking: { type: 'enabled', budgetTokens } } }),
    },
    callIds: /^[\w-]{1,64}$/,
    mostEffort: 'max',
    takesImageUrls: true,
    takesJsonObject: false,
    takesSingleCalls: true,
    takesToolFiles: true,
    takesLateInstructions: true,
  };
};
