import { countryCodes, knownBlocs } from '../charter/index.ts';
import { answerModes, audiences, type Charter, prohibitedUses, tenantKinds } from '../charter/schema.ts';
import { backendAttributes, contextFacts, type Fact, tenantFacts } from './cedar-facts.ts';
import { openLicences } from './open-licences.ts';

/** Of a backend without a model. */
export const NO_LICENCE = 'none';

/** Caveats that red lines may name in every country, whether or not its lattice has them. */
const universalCaveats = ['personal', 'special-category', 'minor'] as const;

/**
 * The strict schema of one charter. All names are enumerated entities, so a misspelt one does not compile; every
 * attribute is required, so none can be missing when a forbid is evaluated (a policy that errors would be skipped).
 */
export function cedarSchema(charter: Charter): string {
  const levels = charter.classification.levels.map((level) => level.id);
  const caveats = [...universalCaveats, ...charter.classification.caveats.map((caveat) => caveat.id)];
  const blocs = [...Object.keys(knownBlocs), ...Object.keys(charter.country.blocMembers)];
  const enumerated = {
    TenantKind: tenantKinds,
    Purpose: charter.purposes.map((purpose) => purpose.id),
    Audience: audiences,
    Use: prohibitedUses,
    Level: levels,
    Caveat: caveats,
    Jurisdiction: [...countryCodes, ...blocs],
    Licence: [NO_LICENCE, ...openLicences, ...charter.models.map((model) => model.licence)],
    Mode: answerModes,
  };
  const enums = Object.entries(enumerated).map(([name, values]) => `entity ${name} enum [${quoteAll(values)}];`);
  return [
    ...enums,
    `entity Tenant {\n${declare(tenantFacts)}};`,
    `entity Backend {\n${declare(backendAttributes)}};`,
    'action answer appliesTo { principal: [Tenant], resource: [Backend], context: {',
    `${declare(contextFacts)}  upTo: { ${levels.map((level) => `${JSON.stringify(level)}: Bool`).join(', ')} },`,
    '} };',
    '',
  ].join('\n');
}

function declare(facts: readonly Fact[]): string {
  return facts.map(({ name, type }) => `  ${name}: ${type},\n`).join('');
}

function quoteAll(values: readonly string[]): string {
  return [...new Set(values)].map((value) => JSON.stringify(value)).join(', ');
}
