/** What dialects of upstreams cannot do, by the names of OpenAI's parameters and parts. Requests that need it are refused before the call. */
import type { Backend } from '../charter/schema.ts';
import { otherEndpoints, providerLacks } from './providers/provider-lacks.ts';

/** The embedded engine makes text from text: one answer, no tools, no grammar from outside. */
const embedded = [
  ...otherEndpoints,
  ...[
    'tools',
    'functions',
    'response_format',
    'logprobs',
    'top_logprobs',
    'n',
    'logit_bias',
    'prediction',
    'web_search_options',
  ],
  ...[
    'audio',
    'image_url',
    'input_audio',
    'file',
    'reasoning_effort',
    'verbosity',
    'moderation',
    'best_of',
    'suffix',
    'echo',
  ],
] as const;

export const dialectLacks: Readonly<Record<Backend['dialect'], readonly string[]>> = {
  embedded,
  openai: [],
  retrieval: [],
  ...providerLacks,
};
