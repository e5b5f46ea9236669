import { Problem } from '../../kit/index.ts';
import { type ChatRequest, chatRequest } from './chat-request.ts';
import type { CallOptions, Driver } from './driver.ts';
import { readPrompt } from './read-prompt.ts';
import { toolSettings } from './read-tools.ts';
import { refuse } from './refuse.ts';

/** @throws Problem */
export function parseChat(body: Uint8Array): ChatRequest {
  const read = chatRequest.safeParse(parseJson(body));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const param = issue?.path.join('.') ?? '';
  throw refuse(param === '' ? 'body' : param, issue?.message ?? 'it cannot be read');
}

/** @throws Problem */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new Problem('invalid-request', 'the body is no JSON');
  }
}

export function outputLimit(request: ChatRequest): number | undefined {
  return request.max_completion_tokens ?? request.max_tokens ?? undefined;
}

/** The settings of one call as the packages take them. @throws Problem for what would be dropped in silence */
export function callOptions(request: ChatRequest, driver: Driver): CallOptions {
  if (request.parallel_tool_calls === false && request.tools?.length && !driver.takesSingleCalls)
    throw refuse('parallel_tool_calls', 'it decides itself how many tools are called at a time');
  const { stop, reasoning_effort: effort } = request;
  const tools = toolSettings(request, driver);
  const settings: Record<string, unknown> = {
    maxOutputTokens: outputLimit(request),
    temperature: request.temperature,
    topP: request.top_p,
    topK: request.top_k,
    seed: request.seed,
    frequencyPenalty: request.frequency_penalty,
    presencePenalty: request.presence_penalty,
    stopSequences: typeof stop === 'string' ? [stop] : stop,
    reasoning: effort === 'max' ? driver.mostEffort : effort,
    responseFormat: responseFormat(request, driver),
    ...tools,
    providerOptions: { ...driver.options?.(request), ...tools.providerOptions },
  };
  for (const [name, value] of Object.entries(settings)) if (value == null) delete settings[name];
  return { prompt: readPrompt(request.messages, driver), ...settings };
}

function responseFormat({ response_format: format }: ChatRequest, driver: Driver): CallOptions['responseFormat'] {
  if (format == null || format.type === 'text') return undefined;
  if (format.type === 'json_object') {
    if (driver.takesJsonObject) return { type: 'json' };
    throw refuse('response_format', 'JSON only by a schema (`json_schema`)');
  }
  const { name, description, schema } = format.json_schema;
  return {
    type: 'json',
    name,
    schema: schema ?? { type: 'object' },
    ...(description == null ? {} : { description }),
  };
}
