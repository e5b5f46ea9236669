import { useState } from 'react';
import { Unreachable } from '../shared/api/api-problem.ts';
import { forget, keep, readKept } from '../shared/keep.ts';

const NAME = 'polity-unsent';

/** A question that the network did not take stays on this device, also when the page is closed, until it is sent or discarded. */
export function useUnsent() {
  const [unsent, setUnsent] = useState(() => readKept(NAME) ?? '');
  return {
    unsent,
    /** Keeps it when nobody could be reached: whatever else went wrong is said and needs no keeping. */
    keepUnsent(question: string, cause: unknown): void {
      if (!(cause instanceof Unreachable)) return;
      keep(NAME, question);
      setUnsent(question);
    },
    discard(): void {
      forget(NAME);
      setUnsent('');
    },
  };
}
