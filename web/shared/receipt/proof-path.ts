/** One fingerprint of a proof: for how many neighbouring entries it stands, and on which side of the entry. */
export interface PathStep {
  readonly side: 'earlier' | 'later';
  readonly entries: number;
}

/**
 * What the hashes of an inclusion proof stand for, from the entry's neighbour upwards (RFC 9162, 2.1.3). The entries of
 * all steps and the entry itself are the whole tree.
 */
export function proofPath(index: number, size: number): PathStep[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError(`no entry ${index} of ${size}`);
  const steps: PathStep[] = [];
  let [first, count] = [0, size];
  while (count > 1) {
    let half = 1;
    while (half * 2 < count) half *= 2;
    if (index - first < half) {
      steps.push({ side: 'later', entries: count - half });
      count = half;
    } else {
      steps.push({ side: 'earlier', entries: half });
      first += half;
      count -= half;
    }
  }
  return steps.reverse();
}
