/** Endpoints beside chats, as `lacks` of a backend may name them too. */
export const otherEndpoints = [
  ...['completions', 'embeddings', 'rerank', 'moderations', 'images/generations', 'images/edits'],
  ...['audio/transcriptions', 'audio/translations', 'audio/speech'],
] as const;

const notEmbeddings = otherEndpoints.filter((name) => name !== 'embeddings');
const neither = notEmbeddings.filter((name) => name !== 'rerank');

/**
 * What no translation carries, by OpenAI's names: what the packages warn of as unsupported or have no word for, at the
 * versions in package.json (2026-11). Finer ones are refused by the translation itself, before anything is sent.
 */
const all = [
  ...['functions', 'logprobs', 'top_logprobs', 'n', 'logit_bias', 'audio', 'prediction', 'web_search_options'],
  ...['verbosity', 'moderation', 'best_of', 'suffix', 'echo'],
] as const;
const sampling = ['seed', 'frequency_penalty', 'presence_penalty'] as const;

export const providerLacks = {
  anthropic: [...otherEndpoints, ...all, ...sampling, 'input_audio', 'dimensions'],
  bedrock: [...neither, ...all, ...sampling, 'input_audio', 'dimensions', 'parallel_tool_calls'],
  vertex: [...notEmbeddings, ...all, 'parallel_tool_calls'],
  cohere: [...neither, ...all, 'input_audio', 'file', 'parallel_tool_calls'],
  mistral: [...notEmbeddings, ...all, 'input_audio', 'top_k'],
  /** Nothing is translated: Azure speaks OpenAI's API. */
  azure: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;
