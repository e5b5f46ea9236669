/** The candidate with the smallest edit distance, when it is near enough to be a slip of the hand. */
export function findNearest(found: string, candidates: Iterable<string>): string | undefined {
  const word = found.slice(0, 64).toLowerCase();
  // A third of the word may be wrong: three letters allow one slip, nine allow three. Two may be swapped.
  let best = Math.floor(word.length / 3) + 1;
  let nearest: string | undefined;
  for (const candidate of candidates) {
    if (word.length === 2 && candidate.toLowerCase() === `${word[1]}${word[0]}`) return candidate;
    const distance = editDistance(word, candidate.toLowerCase());
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours each cost one. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(before, j - 2) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
