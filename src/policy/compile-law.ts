import { formatCharterError } from '../charter/index.ts';
import type { Charter } from '../charter/schema.ts';
import { Problem, sha256Hex } from '../kit/index.ts';
import { cedarRequests } from './cedar-request.ts';
import { type CheckedLaw, checkLaw } from './check-law.ts';
import { decider } from './decide.ts';
import { prepareCedar } from './evaluate-cedar.ts';
import { memoise } from './memoise-decision.ts';
import type { ReadPolicy } from './read-policies.ts';
import type { Law, NamedPolicy, RedLineSet } from './schema.ts';

/** Decisions kept by their facts: about 1 kB each. */
const MEMO_ENTRIES = 16_384;

/**
 * Compiles the law of one charter for this process. A law stays usable after a newer one was compiled, so running
 * requests end under the charter they began with. @throws Problem `charter-invalid` naming every mistake.
 */
export function compileLaw(charter: Charter, sets: readonly RedLineSet[], memoEntries: number = MEMO_ENTRIES): Law {
  const checked = checkLaw(charter, sets);
  const pins = wrongPins(charter, sets);
  const errors = [...pins, ...checked.errors.map(formatCharterError)];
  if (errors.length > 0) {
    throw new Problem('charter-invalid', `the charter's law has ${errors.length} errors, the first: ${errors[0]}`, {
      members: { errors },
    });
  }
  return buildLaw(charter, sets, { checked, memoEntries });
}

/** From a check without errors and with the right pins. */
export function buildLaw(
  charter: Charter,
  sets: readonly RedLineSet[],
  { checked, memoEntries = MEMO_ENTRIES }: { checked: CheckedLaw; memoEntries?: number },
): Law {
  const policies = [...checked.redLines, ...checked.law].map((read) => read.policy);
  const digest = lawDigest(charter, sets);
  const decide = decider(charter, {
    digest,
    policies: new Map(policies.map((policy) => [policy.id, policy])),
    askLaw: prepareCedar(checked.schema, textById(checked.law)),
    askRedLines: prepareCedar(checked.schema, textById(checked.redLines)),
    requestFor: cedarRequests(charter),
  });
  return { digest, policies: Object.freeze<NamedPolicy[]>(policies), decide: memoise(decide, charter, memoEntries) };
}

function textById(policies: readonly ReadPolicy[]): Record<string, string> {
  return Object.fromEntries(policies.map(({ policy }) => [policy.id, policy.text]));
}

/** SHA-256 over the sorted lines `path sha256` of the policy files and the red lines that bind the charter. */
function lawDigest(charter: Charter, sets: readonly RedLineSet[]): string {
  const named = charter.country.redLines.map((line) => line.set);
  const lines = [
    ...charter.policies.map(({ path, text }) => `${path} ${sha256Hex(text)}\n`),
    ...sets.filter((set) => named.includes(set.name)).map((set) => `${set.path} ${set.sha256}\n`),
  ];
  return sha256Hex(lines.sort().join(''));
}

/** A charter that names no `universal` set, or another digest, is not compiled, however it came here. */
function wrongPins(charter: Charter, sets: readonly RedLineSet[]): string[] {
  const named = charter.country.redLines;
  const wrong = named.filter((pin) => !sets.some((set) => set.name === pin.set && set.sha256 === pin.sha256));
  const errors = wrong.map(
    (pin) => `charter.yaml: the red lines \`${pin.set}\` ${pin.sha256} are not among those of this version`,
  );
  if (!named.some((pin) => pin.set === 'universal'))
    errors.push('charter.yaml: the red lines `universal` are not named');
  if (charter.country.blocs.includes('EU') && !named.some((pin) => pin.set === 'eu')) {
    errors.push('charter.yaml: the red lines `eu` are not named, and the country is bound by the Union');
  }
  return errors;
}
