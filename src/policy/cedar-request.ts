import type { Context, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { ownLegalSpace } from '../charter/index.ts';
import type { Charter } from '../charter/schema.ts';
import { NO_LICENCE } from './cedar-schema.ts';
import { dominates } from './lattice.ts';
import { openLicences } from './open-licences.ts';
import type { BackendFacts, DecisionFacts } from './schema.ts';

/** One question to Cedar. */
export interface CedarRequest {
  readonly principal: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: Context;
  readonly entities: EntityJson[];
}

/** Turns facts into Cedar's terms. What needs the lattice or the blocs is computed here, as booleans. */
export function cedarRequests(charter: Charter): (facts: DecisionFacts, target: BackendFacts) => CedarRequest {
  const space = ownLegalSpace(charter.country);
  const own = charter.country.country;
  const levels = charter.classification.levels.map((level) => level.id);
  return (facts, target) => ({
    principal: uid('Tenant', facts.tenant.id),
    resource: uid('Backend', target.backend.id),
    context: contextOf(facts, levels),
    entities: [
      { uid: uid('Tenant', facts.tenant.id), attrs: { kind: entity('TenantKind', facts.tenant.kind) }, parents: [] },
      { uid: uid('Backend', target.backend.id), attrs: attributesOf(facts, target, { space, own }), parents: [] },
    ],
  });
}

function attributesOf(facts: DecisionFacts, target: BackendFacts, law: { space: ReadonlySet<string>; own: string }) {
  const { backend, site, model, clearance } = target;
  return {
    jurisdiction: entity('Jurisdiction', site.jurisdiction),
    operatorJurisdiction: entity('Jurisdiction', backend.operator.jurisdiction),
    parentJurisdiction: entity('Jurisdiction', backend.parentJurisdiction),
    inCountry: site.jurisdiction === law.own,
    inBloc: law.space.has(site.jurisdiction),
    operatorInCountry: backend.operator.jurisdiction === law.own,
    operatorInBloc: law.space.has(backend.operator.jurisdiction),
    parentInCountry: backend.parentJurisdiction === law.own,
    parentInBloc: law.space.has(backend.parentJurisdiction),
    // Nothing is licensed where no weights are used.
    openLicence: model === null || openLicences.includes(model.licence),
    cleared: dominates(clearance, facts.classification),
    licence: entity('Licence', model?.licence ?? NO_LICENCE),
    clearanceLevel: clearance.level,
  };
}

function contextOf(facts: DecisionFacts, levels: readonly string[]): Context {
  const { level, caveats } = facts.classification;
  return {
    mode: entity('Mode', facts.mode),
    purpose: entity('Purpose', facts.purpose.id),
    audience: facts.purpose.audience.map((name) => entity('Audience', name)),
    uses: facts.purpose.uses.map((name) => entity('Use', name)),
    classification: entity('Level', levels[level] ?? ''),
    level,
    caveats: caveats.map((name) => entity('Caveat', name)),
    upTo: Object.fromEntries(levels.map((name, index) => [name, level <= index])),
  };
}

function uid(type: string, id: string): TypeAndId {
  return { type, id };
}

function entity(type: string, id: string): { __entity: TypeAndId } {
  return { __entity: { type, id } };
}
