import type { Purpose } from '../charter/schema.ts';

const DAY_MS = 86_400_000;
/** What a purpose that keeps nothing leaves for the work itself: a batch has a day to run. */
const WORKING_DAYS = 1;

/** Until when a file or batch is kept: as long as the purpose allows, or as long as the work on it takes. */
export function keepUntil({ retentionDays }: Pick<Purpose, 'retentionDays'>, nowMs: number): number {
  return nowMs + Math.max(retentionDays, WORKING_DAYS) * DAY_MS;
}
