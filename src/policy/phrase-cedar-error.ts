import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { type CharterError, findNearest } from '../charter/index.ts';
import { errorAtByte, type PolicySource } from './policy-place.ts';

/** Cedar's own error, at its place and in our words: found, expected, nearest. */
export function phraseCedarError(source: PolicySource, error: DetailedError): CharterError {
  const label = error.sourceLocations?.[0];
  return errorAtByte(source, label?.start ?? 0, phrase(error, label?.label ?? null));
}

function phrase(
  error: DetailedError,
  label: string | null,
): { found: string; expected: string; nearest?: string | undefined } {
  const message = error.message
    .replace(/^failed to parse policy with id `[^`]*` from string: /, '')
    .replace(/^for policy `[^`]*`[,:] /, '');
  const entity = /^entity `(\w+)::"(.*)"` is of an enumerated entity type/.exec(message);
  if (entity !== null) {
    const [, type = '', id = ''] = entity;
    const valid = [...(error.help ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
    const nearest = findNearest(id, valid);
    return {
      found: `\`${type}::"${id}"\``,
      expected: `${type} of the charter${valid.length > 12 ? '' : `: one of ${valid.map((name) => `\`${name}\``).join(', ')}`}`,
      nearest: nearest === undefined ? undefined : `${type}::"${nearest}"`,
    };
  }
  const nearest = /did you mean `(.*)`\?/.exec(error.help ?? '')?.[1];
  const hint = nearest === undefined && error.help !== null ? ` (${error.help})` : '';
  const expected = label?.replace(/^expected /, '') ?? `a policy that fits the facts of docs/spec/charter.md${hint}`;
  return { found: message, expected, nearest };
}
