/** Height of a complete subtree of so many leaves, or null when no complete one has them. Exact up to 2^53, where a logarithm is not. */
export function subtreeHeight(leaves: number): number | null {
  let height = 0;
  let span = 1;
  for (; span < leaves; span *= 2) height++;
  return span === leaves ? height : null;
}
