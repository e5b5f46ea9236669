/** How servers say that a prompt does not fit into the model's context. Most have no code for it, or the status as its code. */
const SENTENCES: readonly RegExp[] = [
  // OpenAI, vLLM, Azure, Mistral; vLLM's older `is longer than the maximum model length of`.
  /maximum (context|model) length/i,
  // vLLM: `the model's context length is only 4096 tokens`; SGLang: `is longer than the model's context length`.
  /model's context length/i,
  // Anthropic: `prompt is too long: 210000 tokens > 200000 maximum`; Bedrock: `Input is too long for requested model.`
  /(prompt|input) is too long/i,
  // Anthropic: `input length and max_tokens exceed context limit`; llama.cpp: `exceeds the available context size`; OpenAI's Responses.
  /exceeds? (the |your )?(available |model's )?context (limit|size|window|length)/i,
  // Cohere and Vertex.
  /too many (input )?tokens/i,
  /exceeds the maximum number of tokens/i,
  // TGI, by status 422.
  /`inputs`( tokens \+ `max_new_tokens`)? must (be|have)/i,
];

/** Servers begin with it; further on they repeat what they were sent, which may say anything. */
const CHARACTERS_READ = 300;

/** Whether an upstream's error means that the request is longer than its model reads. */
export function saysTooLong(text: string): boolean {
  const beginning = text.slice(0, CHARACTERS_READ);
  return SENTENCES.some((sentence) => sentence.test(beginning));
}

/**
 * What the caller is told then. Programs that shorten a conversation and ask again (agents, LangChain, LiteLLM) look for
 * these words of Anthropic's and OpenAI's errors, not only for the code.
 */
export const TOO_LONG =
  "the prompt is too long: this model's maximum context length is exceeded; send fewer or shorter messages, or ask for fewer tokens";
