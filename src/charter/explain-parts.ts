import { jurisdictionName, listed, localise } from './phrase.ts';
import type { Backend, Charter, Clearance, Limits, Purpose, Tenant } from './schema.ts';

const plurals: Readonly<Record<Purpose['audience'][number], string>> = {
  citizen: 'citizens',
  official: 'officials',
  pupil: 'pupils',
  teacher: 'teachers',
  developer: 'developers',
  company: 'companies',
};

export function explainPurpose(charter: Charter, purpose: Purpose, language: string): string {
  const { act, section, url } = purpose.legalBasis;
  const kept =
    purpose.retentionDays === 0
      ? 'Nothing of it is kept'
      : `Payloads are kept for at most ${purpose.retentionDays} days`;
  const uses = purpose.uses.length === 0 ? '' : ` It declares prohibited uses: ${listed(purpose.uses)}.`;
  return (
    `- ${localise(purpose.name, language)} (\`${purpose.id}\`), for ${listed(purpose.audience.map((who) => plurals[who]))}. ` +
    `It rests on ${act}, ${section} (${url}). ${upTo(charter, purpose.classes, language)} ${kept}. ` +
    `It must be looked at again by ${purpose.reviewDate}.${uses}`
  );
}

export function explainTenant(charter: Charter, tenant: Tenant, language: string): string {
  const purposes = tenant.purposes.map((id) =>
    localise(charter.purposes.find((purpose) => purpose.id === id)?.name ?? {}, language),
  );
  return (
    `- ${localise(tenant.name, language)} (\`${tenant.id}\`, ${tenant.kind}) for: ${purposes.join('; ')}. ` +
    `${upTo(charter, tenant.clearance, language)} ${limits(tenant, charter.country.currency)}`
  );
}

export function explainBackend(charter: Charter, backend: Backend): string {
  const site = charter.sites.find(({ id }) => id === backend.site);
  const model = charter.models.find(({ id }) => id === backend.model);
  const how = backend.url === undefined ? 'inside this installation' : `at ${backend.url}`;
  const evidence = backend.evidence.map(({ claim, date }) => `${claim.replace(/\.$/, '')} (${date})`);
  return (
    `- \`${backend.id}\`: ${model?.name ?? backend.model ?? 'passages of the collection, no model'}, ${how}, at ${site?.place ?? backend.site} (${site === undefined ? '?' : jurisdictionName(site.jurisdiction)}). ` +
    `Run by ${backend.operator.name} (${jurisdictionName(backend.operator.jurisdiction)}); the law of ${jurisdictionName(backend.parentJurisdiction)} reaches its owner. ` +
    `${upTo(charter, backend.clearance, 'en')} Evidence: ${evidence.length === 0 ? 'none' : evidence.join('; ')}.`
  );
}

function upTo(charter: Charter, { level, caveats }: Clearance, language: string): string {
  const { levels, caveats: known } = charter.classification;
  const top = localise(levels.find(({ id }) => id === level)?.name ?? {}, language);
  const named = caveats.map((caveat) => localise(known.find(({ id }) => id === caveat)?.name ?? {}, language));
  return `Data up to “${top}”${named.length === 0 ? ', without caveats' : `, also with ${listed(named)}`}.`;
}

const limitWords: Readonly<Record<keyof Limits, string>> = {
  requestsPerMinute: 'requests a minute',
  tokensPerMinute: 'tokens a minute',
  tokensInPerMinute: 'tokens of prompts a minute',
  tokensOutPerMinute: 'tokens of answers a minute',
  requestsPerDay: 'requests a day',
  tokensPerDay: 'tokens a day',
  tokensInPerDay: 'tokens of prompts a day',
  tokensOutPerDay: 'tokens of answers a day',
  moneyPerDay: 'CURRENCY a day',
  moneyPerMonth: 'CURRENCY a month',
  energyWhPerDay: 'watt-hours a day',
  energyWhPerMonth: 'watt-hours a month',
  concurrent: 'requests at the same time',
  concurrentStreams: 'streams at the same time',
};

function limits({ limits }: Tenant, currency: string): string {
  const parts = Object.entries(limitWords).flatMap(([kind, words]) => {
    const limit = limits[kind as keyof Limits];
    return limit === undefined ? [] : [`${limit} ${words.replace('CURRENCY', currency)}`];
  });
  return parts.length === 0 ? 'No limits.' : `At most ${listed(parts)}.`;
}
