import type { Limits } from '../../charter/schema.ts';
import type { AccountState } from '../../record/ports.ts';
import type { ApiParts } from '../parts.ts';
import type { BudgetView } from '../schema.ts';

interface Owner {
  /** As accounts name it, such as `tenant:school`. */
  readonly owner: string;
  readonly limits: Limits;
}

/** Every limit in force, with what is used of it in the window that runs now. */
export async function viewBudgets(parts: ApiParts): Promise<BudgetView[]> {
  const nowMs = parts.clock.wallMs();
  const [owners, accounts] = await Promise.all([listOwners(parts), parts.usage.accounts(nowMs)]);
  const { currency } = parts.inForce().charter.country;
  const states = new Map(accounts.map((one) => [`${one.owner} ${one.kind} ${one.windowStartMs}`, one]));
  return owners.flatMap(({ owner, limits }) =>
    Object.entries(limits).flatMap(([kind, limit]) => {
      if (limit === undefined) return [];
      const window = windowOf(kind, nowMs);
      const state = states.get(`${owner} ${kind} ${window.startMs}`);
      return [budgetOf({ owner, kind, limit, unit: unitOf(kind, currency), resetsMs: window.endMs }, state)];
    }),
  );
}

interface Budgeted {
  readonly owner: string;
  readonly kind: string;
  readonly limit: number;
  readonly unit: string | null;
  readonly resetsMs: number | null;
}

function unitOf(kind: string, currency: string): string | null {
  if (kind.startsWith('money')) return currency;
  return kind.startsWith('energyWh') ? 'Wh' : null;
}

const MILLION = 1e6;

function budgetOf({ resetsMs, ...budget }: Budgeted, state: AccountState | undefined): BudgetView {
  // What has a unit is written in it in the charter, and counted in millionths of it.
  const parts = budget.unit === null ? 1 : MILLION;
  // Minutes and places are counted in each gateway's memory: a slice there says nothing of use.
  const isLasting = /Per(Day|Month)$/.test(budget.kind);
  const used = isLasting ? (state?.used ?? 0) : null;
  return {
    ...budget,
    used: used === null ? null : used / parts,
    left: used === null ? null : Math.max(0, Math.round(budget.limit * parts) - used) / parts,
    resetsAt: isLasting && resetsMs !== null ? new Date(resetsMs).toISOString() : null,
  };
}

async function listOwners(parts: ApiParts): Promise<Owner[]> {
  const { country, tenants, purposes, models } = parts.inForce().charter;
  const nowMs = parts.clock.wallMs();
  const keys = await parts.keyStore.list({});
  const isLive = (key: (typeof keys)[number]) =>
    key.revokedAtMs === null && (key.expiresAtMs === null || key.expiresAtMs > nowMs);
  return [
    { owner: `country:${country.country}`, limits: country.limits },
    ...tenants.flatMap(({ id, limits, projects }) => [
      { owner: `tenant:${id}`, limits },
      ...projects.map((project) => ({ owner: `project:${id}/${project.id}`, limits: project.limits })),
    ]),
    ...purposes.map(({ id, limits }) => ({ owner: `purpose:${id}`, limits })),
    ...models.map(({ id, limits }) => ({ owner: `model:${id}`, limits })),
    ...keys.filter(isLive).map(({ id, limits }) => ({ owner: `key:${id}`, limits })),
  ];
}

/** Days and months of UTC, as quotas count them. */
function windowOf(kind: string, nowMs: number): { readonly startMs: number; readonly endMs: number | null } {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (kind.endsWith('PerMonth')) return { startMs: Date.UTC(year, month, 1), endMs: Date.UTC(year, month + 1, 1) };
  if (kind.endsWith('PerDay')) return { startMs: Date.UTC(year, month, day), endMs: Date.UTC(year, month, day + 1) };
  return { startMs: 0, endMs: null };
}
