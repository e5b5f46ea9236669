/** A sum of which parts may be unknown: null when all of it is. */
export interface Measured {
  readonly value: number | null;
  /** False: what is unknown comes on top. */
  readonly isWhole: boolean;
}

/** Millionths that somebody measured, and how much was done that nobody did. Where nothing was done, nothing is unknown. */
export function sumMeasured(parts: readonly (readonly [knownMicros: number, unknown: number])[]): Measured {
  let [micros, unknown] = [0, 0];
  for (const [known, without] of parts) {
    micros += known;
    unknown += without;
  }
  return { value: micros === 0 && unknown > 0 ? null : micros / 1e6, isWhole: unknown === 0 };
}
