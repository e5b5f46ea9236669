import type { Charter, CharterBytes } from '../src/charter/schema.ts';
import type { CharterInForce } from '../src/gateway/parts.ts';
import type { ModelPort } from '../src/inference/ports.ts';
import { checkCharter, latticeOf, readRedLineSets } from '../src/policy/index.ts';

type Ports = ReadonlyMap<string, ModelPort>;

/** A charter as the path sees one that was adopted. Without ports nothing can be called. */
export function putInForce(
  bytes: CharterBytes,
  openPorts: (charter: Charter) => Ports = () => new Map(),
): CharterInForce {
  const checked = checkCharter(bytes, readRedLineSets());
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.errors));
  const { charter, law } = checked;
  const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
    new Map(items.map((item) => [item.id, item]));
  return {
    charter,
    law,
    lattice: latticeOf(charter),
    tenants: byId(charter.tenants),
    purposes: byId(charter.purposes),
    models: byId(charter.models),
    ports: openPorts(charter),
    described: new WeakMap(),
    plans: new WeakMap(),
  };
}
