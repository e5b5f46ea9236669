import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { type CharterError, findNearest, usualSlip } from '../charter/index.ts';
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
  const message = plain(error.message);
  const entity = /^entity `(\w+)::"(.*)"` is of an enumerated entity type/.exec(message);
  if (entity !== null) {
    const [, type = '', id = ''] = entity;
    const valid = [...(error.help ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
    const nearest = usualSlip(id) ?? findNearest(id, valid);
    return {
      found: `\`${type}::"${id}"\``,
      expected: `a \`${type}\` of the charter${valid.length > 12 ? '' : `: one of ${valid.map((name) => `\`${name}\``).join(', ')}`}`,
      nearest: nearest === undefined ? undefined : `${type}::"${nearest}"`,
    };
  }
  const slot = /^expected a static policy, got (.*)$/.exec(message)?.[1];
  if (slot !== undefined) return { found: slot, expected: 'a policy without slots' };
  const nearest = /did you mean `(.*)`\?/.exec(error.help ?? '')?.[1];
  const hint = nearest === undefined && error.help !== null ? ` (${plain(error.help)})` : '';
  const expected = label?.replace(/^expected /, '') ?? `a policy that fits the facts of docs/spec/charter.md${hint}`;
  const found = message
    .replace(/^(attribute .*) not found$/, 'the unknown $1')
    .replace(/^unrecognized /, 'the unknown ');
  return { found, expected, nearest };
}

/** Without what the place already says. */
function plain(message: string): string {
  return message
    .replace(/^failed to parse policy (with id `[^`]*` )?from string: /, '')
    .replace(/^for policy `[^`]*`[,:] /, '');
}
