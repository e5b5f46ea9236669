import { setTimeout as delay } from 'node:timers/promises';
import { cpuMicros, processTree } from './process-cpu.ts';
import type { Subject } from './subject.ts';

const LOOK_MS = 250;
/** A twentieth of a core: what an idle service uses for its timers. */
const REST_MICROS = 0.05 * LOOK_MS * 1000;
const PATIENCE_MS = 20_000;

/**
 * Waits until a subject has done what its last load left behind, such as the ledger's signing: it would stand in the way of
 * whoever is measured next on the same core. What it uses meanwhile is counted for its whole tree by the caller.
 */
export async function waitRest({ root, name }: Subject): Promise<void> {
  if (root === null) return;
  const used = () => processTree(root).reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const endMs = performance.now() + PATIENCE_MS;
  for (let before = used(); performance.now() < endMs; ) {
    await delay(LOOK_MS);
    const now = used();
    // Less than before: a process ended with its count.
    if (now >= before && now - before <= REST_MICROS) return;
    before = now;
  }
  console.log(`${name} is not at rest ${PATIENCE_MS / 1000} s after its load`);
}
