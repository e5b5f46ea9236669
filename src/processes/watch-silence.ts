const LOOK_MS = 1_000;

export interface SilenceWatch {
  /** It has just said something, and may be silent for so many looks from now on. */
  heard(looks: number): void;
  end(): void;
}

/**
 * Calls `onSilent` once when nothing was heard for so many looks, one each second. Counted in looks and not in time: when the
 * machine slept, or we were held up ourselves, what was said meanwhile is heard before the next look.
 */
export function watchSilence(looks: number, onSilent: () => void): SilenceWatch {
  let left = looks;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    onSilent();
  }, LOOK_MS);
  return {
    heard(next) {
      left = next;
    },
    end: () => clearInterval(timer),
  };
}
