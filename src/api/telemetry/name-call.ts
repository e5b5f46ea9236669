/** The words of OpenTelemetry's conventions for what Polity does. All of them are finite: from the charter and from this code. */
import type { Backend } from '../../charter/schema.ts';
import type { CallNote, RequestEvent } from '../../gateway/index.ts';

/** `chat`, `text_completion`, `embeddings` and `retrieval` are the conventions' own; they have none for the others. */
const operations: Readonly<Record<string, string>> = {
  '/v1/chat/completions': 'chat',
  '/v1/responses': 'chat',
  '/v1/messages': 'chat',
  '/v1/messages/count_tokens': 'count_tokens',
  '/v1/completions': 'text_completion',
  '/v1/embeddings': 'embeddings',
  '/v1/rerank': 'rerank',
  '/v1/audio/transcriptions': 'transcription',
  '/v1/audio/translations': 'translation',
  '/v1/audio/speech': 'speech',
  '/v1/images/generations': 'image_generation',
  '/v1/images/edits': 'image_edit',
  '/v1/moderations': 'moderation',
  '/v1/quotes': 'retrieval',
};

export function operationOf(endpoint: string): string {
  return operations[endpoint] ?? '_OTHER';
}

/** `polity`: what runs inside the service itself. */
const providers = {
  embedded: 'polity',
  retrieval: 'polity',
  openai: 'openai',
  anthropic: 'anthropic',
  bedrock: 'aws.bedrock',
  vertex: 'gcp.vertex_ai',
  azure: 'azure.ai.openai',
  cohere: 'cohere',
  mistral: 'mistral_ai',
} as const satisfies Record<Backend['dialect'], string>;

export const OWN_PROVIDER = 'polity';

/** Attributes that a call has in metrics and in spans alike. */
export function callAttributes(endpoint: string, { route }: Pick<CallNote, 'route'>): Record<string, string | number> {
  const { backend, model } = route.facts;
  return {
    'gen_ai.operation.name': operationOf(endpoint),
    'gen_ai.provider.name': providers[backend.dialect],
    ...(model === null
      ? {}
      : { 'gen_ai.request.model': backend.upstreamModel ?? model.id, 'gen_ai.response.model': model.id }),
    ...addressOf(backend.url),
    'polity.backend': backend.id,
  };
}

function addressOf(url: string | undefined): Record<string, string | number> {
  if (url === undefined || url === '') return {};
  const { hostname, port, protocol } = new URL(url);
  return { 'server.address': hostname, 'server.port': Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/** A code of the catalogue of problems, or `unfinished` when the client left; null when nothing went wrong. */
export function errorOfCall({ ended, reason }: Pick<CallNote, 'ended' | 'reason'>): string | null {
  if (ended === 'complete') return null;
  return ended === 'unfinished' ? 'unfinished' : (reason ?? '_OTHER');
}

/** The same for a request. */
export function errorOfRequest({ problem, ended }: RequestEvent): string | null {
  return problem ?? (ended === 'unfinished' ? 'unfinished' : null);
}
