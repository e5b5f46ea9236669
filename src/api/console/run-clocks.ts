import type { KeyRecord } from '../../identity/ports.ts';
import { formatTime } from '../../kit/index.ts';
import type { ApiParts } from '../parts.ts';
import type { Clock } from '../schema.ts';

/** Evidence older than this counts for nothing. Days. */
const EVIDENCE_DAYS = 90;
const DAY_MS = 86_400_000;
const SHOWN = 40;

/** What runs out or must be looked at again, soonest first. */
export async function runClocks(parts: ApiParts, keys: readonly KeyRecord[]): Promise<Clock[]> {
  const { charter, law } = parts.inForce();
  const cases = await parts.assistant.listCases();
  const clocks: Clock[] = [
    ...law.policies.map(({ id, reviewDate, owner }) => ({
      kind: 'policy-review' as const,
      name: id,
      dueAt: reviewDate,
      owner,
    })),
    ...charter.purposes.map(({ id, reviewDate }) => ({
      kind: 'purpose-review' as const,
      name: id,
      dueAt: reviewDate,
      owner: null,
    })),
    ...charter.backends.flatMap(({ id, evidence, operator }) =>
      evidence.map(({ date }) => ({
        kind: 'evidence' as const,
        name: id,
        dueAt: dateAfter(date),
        owner: operator.name,
      })),
    ),
    ...keys.flatMap(({ id, name, expiresAtMs, revokedAtMs, tenant }) =>
      expiresAtMs === null || revokedAtMs !== null
        ? []
        : [{ kind: 'key' as const, name: `${name} (${id})`, dueAt: formatTime(expiresAtMs), owner: tenant }],
    ),
    ...cases.map(({ number, dueAtMs, institution }) => ({
      kind: 'case' as const,
      name: number,
      dueAt: formatTime(dueAtMs),
      owner: institution.en ?? Object.values(institution)[0] ?? null,
    })),
  ];
  return clocks.toSorted((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt)).slice(0, SHOWN);
}

function dateAfter(date: string): string {
  return new Date(Date.parse(date) + EVIDENCE_DAYS * DAY_MS).toISOString().slice(0, 10);
}
