/** More than anybody mends by hand, and far below what clients take as a header. */
const NAMES_MAX = 32;

/** For `x-polity-dropped`. Names of fields are the client's own words: only what a header may hold, and not more than anybody reads. */
export function listDropped(dropped: readonly string[]): string {
  const names = dropped.slice(0, NAMES_MAX).map((name) => name.replace(/[^\w.$-]/g, '?').slice(0, 64));
  if (dropped.length > NAMES_MAX) names.push(`and ${dropped.length - NAMES_MAX} more`);
  return names.join(', ');
}
