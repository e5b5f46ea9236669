/**
 * The record: what the signed statements of decided entries say, for lists and counts.
 * Promises: every number is counted from entries of the log; no receipt id, no salt, no content.
 * Called by: store, api, processes. Spec: docs/decisions/0020-record.md.
 */
export { formatCsv } from './format-csv.ts';
export { focusFile, focusWish, formatUsageTable, type UsageFile, usageCsv, writeUsage } from './format-usage.ts';
export { co2Of, energyOf } from './measure-usage.ts';
export { describeShared, readEntry } from './read-entry.ts';
export { readUsageWish, type UsageQuestion } from './read-usage-wish.ts';
