import type { Need } from '../dialect.ts';

/** Parameters that not every model or provider can carry out. The rest is understood by all, or harmless. */
const CAPABILITIES = [
  ...['tools', 'functions', 'parallel_tool_calls', 'response_format', 'logprobs', 'top_logprobs', 'n', 'seed', 'stop'],
  ...[
    'audio',
    'logit_bias',
    'prediction',
    'web_search_options',
    'reasoning_effort',
    'verbosity',
    'best_of',
    'suffix',
    'echo',
  ],
  ...[
    'frequency_penalty',
    'presence_penalty',
    'temperature',
    'top_p',
    'top_k',
    'dimensions',
    'encoding_format',
    'moderation',
  ],
] as const;

/** In this order they are named to who asked for more than one that nobody has. */
const placeOf: ReadonlyMap<string, number> = new Map(CAPABILITIES.map((name, place) => [name, place]));

/** The capabilities that a request makes use of: those it sets to more than nothing. */
export function listNeeds(request: Readonly<Record<string, unknown>>): Need[] {
  const needs: Need[] = [];
  // A request has few members, so it is read and not asked for each capability.
  for (const name of Object.keys(request)) {
    if (placeOf.has(name) && isAsked(name, request)) needs.push({ name, param: name });
  }
  if (needs.length > 1) needs.sort((a, b) => (placeOf.get(a.name) ?? 0) - (placeOf.get(b.name) ?? 0));
  const { modalities } = request;
  if (Array.isArray(modalities)) {
    for (const one of modalities) if (one !== 'text') needs.push({ name: String(one), param: 'modalities' });
  }
  return needs;
}

function isAsked(name: string, request: Readonly<Record<string, unknown>>): boolean {
  const value = request[name];
  // Together is what everybody does; one after another is what some cannot.
  if (name === 'parallel_tool_calls') return value === false && isAsked('tools', request);
  if (value == null || value === false) return false;
  if (name === 'n' || name === 'best_of') return value !== 1;
  if (name === 'response_format') return (value as { type?: unknown }).type !== 'text';
  if (name === 'encoding_format') return value !== 'float';
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return true;
}
