import { Problem } from '../../kit/index.ts';
import type { DecisionGrid } from '../schema.ts';
import type { Lawbook } from './explain-decision.ts';

interface GridWish {
  readonly purpose?: string | undefined;
  readonly tenant?: string | undefined;
}

/** Each class of the lattice against each backend, decided by the law. @throws Problem that names what is unknown */
export function decisionGrid({ charter, law, lattice }: Lawbook, wish: GridWish): DecisionGrid {
  const purpose = charter.purposes.find(({ id }) => id === (wish.purpose || charter.purposes[0]?.id));
  const able = charter.tenants.filter((tenant) => purpose !== undefined && tenant.purposes.includes(purpose.id));
  const tenant = wish.tenant ? charter.tenants.find(({ id }) => id === wish.tenant) : able[0];
  if (purpose === undefined || tenant === undefined)
    throw new Problem('invalid-request', 'the charter names no such purpose, or no tenant has it', {
      param: 'purpose',
    });
  const own = charter.country.country;
  const backends = charter.backends
    .map(({ id, site: siteId, model }) => {
      const site = charter.sites.find((one) => one.id === siteId);
      const jurisdiction = site?.jurisdiction ?? '';
      return {
        id,
        place: site?.place ?? siteId,
        jurisdiction,
        inCountry: jurisdiction === own,
        hasModel: model !== null,
      };
    })
    .sort((a, b) => Number(b.inCountry) - Number(a.inCountry));
  const classes = charter.classification.levels.flatMap(({ id }) => [
    { level: id, caveats: [] as string[] },
    ...charter.classification.caveats.map((caveat) => ({ level: id, caveats: [caveat.id] })),
  ]);
  const rows = classes.flatMap(({ level, caveats }) => {
    const parsed = lattice.parse([level, ...caveats].join('; '));
    if (parsed.kind !== 'parsed') return [];
    const { classification } = parsed;
    const decide = (mode: 'chat' | 'quoted') =>
      law.decide({ tenant, purpose, classification, requestedModel: 'auto', mode }).considered;
    const considered = [...decide('chat'), ...decide('quoted')];
    const cells = backends.map(({ id }) => {
      const verdict = considered.find(({ backend }) => backend === id);
      return { allowed: verdict?.allowed ?? false, clauses: verdict?.clauses ?? [] };
    });
    return [{ level, caveats, cells }];
  });
  return {
    purpose: purpose.id,
    tenant: tenant.id,
    backends: backends.map(({ hasModel: _, ...backend }) => backend),
    rows,
    tenants: able.map(({ id }) => id),
    purposes: charter.purposes.map(({ id }) => id),
    models: charter.models.map(({ id }) => id),
  };
}
