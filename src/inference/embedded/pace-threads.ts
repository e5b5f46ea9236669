import { cpus } from 'node:os';

const LOOK_EVERY_MS = 1_000;
/** So much of a core may others use before a thread of ours is taken back. */
const TOLERANCE = 0.35;

/**
 * Threads of the engine wait for each other by spinning. Where another process takes one of their cores, two threads
 * on two cores made 3 instead of 40 tokens a second (measured 2026-11-23), so they leave busy cores to the others.
 */
export function paceThreads(cores: number, setThreads: (threads: number) => void): { stop(): void } {
  let before = readUse();
  let current = cores;
  const timer = setInterval(() => {
    const now = readUse();
    const elapsedMs = now.atMs - before.atMs;
    const othersCores = Math.max(0, (now.machineMs - before.machineMs - (now.ownMs - before.ownMs)) / elapsedMs);
    before = now;
    const next = threadsBeside(othersCores, cores);
    if (next !== current) setThreads(next);
    current = next;
  }, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

export function threadsBeside(othersCores: number, cores: number): number {
  return Math.min(cores, Math.max(1, Math.floor(cores - othersCores + TOLERANCE)));
}

function readUse(): { atMs: number; machineMs: number; ownMs: number } {
  const machineMs = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), machineMs, ownMs: (user + system) / 1000 };
}
