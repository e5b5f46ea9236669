import type { Charter } from './schema.ts';

/** Whoever runs the service, as an invoice names it: the first institution of the charter, at the service's own host. */
export function describeIssuer(charter: Charter, publicUrl: string) {
  const textOf = (name: Readonly<Record<string, string>> | undefined) => name?.en ?? Object.values(name ?? {})[0];
  const { institutions, country, tenants } = charter;
  return {
    id: new URL(publicUrl).host,
    name: textOf(institutions[0]?.name) ?? country.country,
    tenantName: (id: string) => textOf(tenants.find((tenant) => tenant.id === id)?.name) ?? id,
  };
}
