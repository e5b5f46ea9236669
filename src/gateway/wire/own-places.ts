interface Placed {
  readonly index?: unknown;
}

/** Whether each names a place among so many things that were asked about, and none the same. */
export function haveOwnPlaces(items: readonly Placed[], count: number): boolean {
  const places = new Set<unknown>();
  for (const { index } of items) {
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= count) return false;
    places.add(index);
  }
  return places.size === items.length;
}
