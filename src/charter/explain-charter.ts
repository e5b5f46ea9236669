import { explainBackend, explainPurpose, explainTenant } from './explain-parts.ts';
import { jurisdictionName, languageName, listed, localise } from './phrase.ts';
import type { Charter } from './schema.ts';

/** A policy as far as prose needs it; `law.policies` fits. */
export interface ExplainedPolicy {
  readonly set: 'red-lines' | 'law';
  readonly effect: 'permit' | 'forbid';
  readonly id: string;
  readonly legalBasis: string;
  readonly owner: string;
  readonly sentences: Readonly<Record<string, string>>;
}

/**
 * The charter as prose for people who read no YAML. The sentences are English; names and the sentences of policies are
 * in `language` where the charter has them.
 */
export function explainCharter(charter: Charter, language: string, policies: readonly ExplainedPolicy[] = []): string {
  const sections = [
    opening(charter, language),
    section('Who answers for it', institutions(charter, language)),
    section('How data is classified', classification(charter, language)),
    section(
      'What it may be used for',
      charter.purposes.map((purpose) => explainPurpose(charter, purpose, language)),
    ),
    section(
      'Who may use it',
      charter.tenants.map((tenant) => explainTenant(charter, tenant, language)),
    ),
    section(
      'Where models run',
      charter.backends.map((backend) => explainBackend(charter, backend)),
    ),
    section('What models may do', charter.models.map(model)),
    section('What is allowed', rules(policies, { effect: 'permit', set: 'law' }, language)),
    section('What is forbidden', rules(policies, { effect: 'forbid', set: 'law' }, language)),
    section(
      'Red lines that this charter cannot change',
      rules(policies, { effect: 'forbid', set: 'red-lines' }, language),
    ),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, paragraphs: readonly string[]): string {
  return paragraphs.length === 0
    ? ''
    : `## ${title}\n\n${paragraphs.join(paragraphs.every((line) => line.startsWith('- ')) ? '\n' : '\n\n')}`;
}

function opening({ country, digest }: Charter, language: string): string {
  const lines = [
    `# The charter of ${localise(country.name, language)}`,
    country.notice === undefined ? '' : localise(country.notice, language),
    `Status: ${country.status}. Digest: ${digest}.`,
    `The service speaks ${listed(country.languages.map(languageName))}. ${bound(country.blocs)} ${changes(country.status, country.quorum)}`,
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

function bound(blocs: readonly string[]): string {
  return blocs.length === 0
    ? 'No bloc binds the country.'
    : `The law of ${listed(blocs.map(withArticle))} binds the country too.`;
}

function withArticle(bloc: string): string {
  return bloc === 'EU' ? 'the European Union' : `the ${jurisdictionName(bloc)}`;
}

function changes(status: string, quorum: number): string {
  if (status === 'example' || quorum === 0) return 'Whoever can edit its files can change it; no signature is needed.';
  return `A change needs the signatures of ${quorum} ${quorum === 1 ? 'institution' : 'institutions'}.`;
}

function institutions(charter: Charter, language: string): string[] {
  return charter.institutions.map((institution) => {
    const seats = institution.seats.length === 0 ? 'no seat' : listed(institution.seats);
    const keys = institution.keys.length === 1 ? 'one key' : `${institution.keys.length} keys`;
    return `- ${localise(institution.name, language)} (\`${institution.id}\`): ${seats}; signs with ${keys}.`;
  });
}

function classification({ classification: { levels, caveats, source, checked } }: Charter, language: string): string[] {
  const line = (item: (typeof levels)[number]) =>
    `- ${localise(item.name, language)} (\`${item.id}\`): ${localise(item.handling, language)}`;
  return [
    `From the lowest level to the highest:\n\n${levels.map(line).join('\n')}`,
    ...(caveats.length === 0 ? [] : [`Caveats that may come with any level:\n\n${caveats.map(line).join('\n')}`]),
    `Source: ${source}. ${checked === null ? 'Nobody has checked it.' : `Checked on ${checked}.`}`,
  ];
}

function model({ id, name, licence, origin, admitted, sha256 }: Charter['models'][number]): string {
  const modes = admitted.map(({ mode, languages }) => `${mode} in ${listed(languages.map(languageName))}`);
  const may = modes.length === 0 ? 'admitted to nothing yet' : `admitted to ${listed(modes)}`;
  const pinned = sha256 === null ? 'its file is not pinned' : `its file is pinned by digest ${sha256.slice(0, 12)}…`;
  return `- ${name} (\`${id}\`), ${licence}, by ${origin.developer} (${jurisdictionName(origin.jurisdiction)}): ${may}; ${pinned}.`;
}

function rules(
  policies: readonly ExplainedPolicy[],
  wanted: Pick<ExplainedPolicy, 'effect' | 'set'>,
  language: string,
): string[] {
  return policies
    .filter(({ effect, set }) => effect === wanted.effect && set === wanted.set)
    .map((policy) => `- ${localise(policy.sentences, language)} (\`${policy.id}\`; ${policy.legalBasis})`);
}
