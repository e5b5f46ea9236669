import type { Charter } from '../charter/schema.ts';
import { latticeOf } from './lattice.ts';
import type { BackendFacts } from './schema.ts';

/** Every backend joined with its model, site and clearance, best first: by priority, then by id. */
export function backendFacts(charter: Charter): readonly BackendFacts[] {
  const lattice = latticeOf(charter);
  return charter.backends
    .map((backend) => ({
      backend,
      model: backend.model === null ? null : find(charter.models, backend.model),
      site: find(charter.sites, backend.site),
      clearance: lattice.of(backend.clearance),
    }))
    .sort((a, b) => a.backend.priority - b.backend.priority || (a.backend.id < b.backend.id ? -1 : 1));
}

function find<T extends { readonly id: string }>(items: readonly T[], id: string): T {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined) throw new RangeError(`\`${id}\` is not of this charter`);
  return item;
}
