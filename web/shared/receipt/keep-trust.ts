import type { Trust } from '../../../src/ledger/verify/index.ts';
import { keep, readKept } from '../keep.ts';

const NAME = 'polity-trust';

/** Public keys and logs stay on the device, so that a saved receipt can be checked without the network. */
export function keepTrust(trust: Trust): Trust {
  const { receiptKeys, logs } = trust;
  // A device that keeps nothing still checks with what was just read.
  keep(NAME, JSON.stringify({ receiptKeys, logs }));
  return trust;
}

/** What was kept, or nothing. */
export function keptTrust(): Trust | undefined {
  try {
    const kept = JSON.parse(readKept(NAME) ?? 'null') as Partial<Trust> | null;
    return Array.isArray(kept?.receiptKeys) && Array.isArray(kept.logs) ? (kept as Trust) : undefined;
  } catch {
    return undefined;
  }
}
