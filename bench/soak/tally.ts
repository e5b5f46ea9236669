import { kindNames, type Plan } from './plans.ts';
import type { Seen } from './run-plan.ts';

export interface KindLine {
  readonly kind: string;
  readonly requests: number;
  readonly statuses: string;
  readonly ends: string;
  /** The backend rested after faults in a row, or the request was cut off with it: right, and not what was planned. */
  readonly resting: number;
  readonly wrong: number;
}

/** Of all requests of a run: resting more often would hide what is measured. */
export const RESTING_SHARE_MAX = 0.03;
const EXAMPLES_MAX = 12;
const UNAVAILABLE = 503;

/** Counts what was seen by kind, and judges it by what was planned. */
export class Tally {
  readonly receipts = new Set<string>();
  readonly examples: string[] = [];
  readonly #lines = new Map(kindNames.map((name) => [name, openLine()]));
  requests = 0;
  resting = 0;
  wrong = 0;

  take(plan: Plan, seen: Seen): void {
    const line = this.#lines.get(plan.name) ?? openLine();
    this.requests++;
    line.requests++;
    count(line.statuses, String(seen.status));
    if (seen.end !== null) count(line.ends, seen.end);
    if (seen.receiptId !== null) this.receipts.add(seen.receiptId);
    if (isRight(plan, seen)) return;
    if (seen.status === UNAVAILABLE) {
      this.resting++;
      line.resting++;
      return;
    }
    this.wrong++;
    line.wrong++;
    if (this.examples.length < EXAMPLES_MAX)
      this.examples.push(`${plan.name}: ${plan.body.toString('utf8', 0, 120)} -> ${JSON.stringify(seen)}`);
  }

  lines(): readonly KindLine[] {
    return [...this.#lines].map(([kind, { requests, statuses, ends, resting, wrong }]) => ({
      kind,
      requests,
      statuses: inWords(statuses),
      ends: inWords(ends),
      resting,
      wrong,
    }));
  }
}

interface OpenLine {
  requests: number;
  resting: number;
  wrong: number;
  readonly statuses: Map<string, number>;
  readonly ends: Map<string, number>;
}

function openLine(): OpenLine {
  return { requests: 0, resting: 0, wrong: 0, statuses: new Map(), ends: new Map() };
}

/** Who leaves may be too late: then the answer was there already. */
function isRight({ conduct, statuses, ends, stream }: Plan, { status, end }: Seen): boolean {
  const leaves = conduct.kind === 'leaves' || conduct.kind === 'half-sent';
  if (leaves) return status === 'left' || status === 200;
  if (!statuses.includes(status as number)) return false;
  if (status !== 200 || !stream || end === null) return true;
  if (conduct.kind === 'leaves-reading') return true;
  return ends.includes(end);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function inWords(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, times]) => `${name} ×${times}`)
    .join(', ');
}
