import { readdirSync } from 'node:fs';
import { memoryOf } from '../gateway/process-memory.ts';
import { median } from '../gateway/quantile.ts';

export interface Watched {
  readonly name: string;
  readonly pid: number;
}

export interface Trend {
  readonly name: string;
  readonly startMb: number;
  readonly endMb: number;
  /** Theil-Sen, of the lowest sample of each span: garbage that was not collected yet is no growth. MB an hour. */
  readonly slope: number;
  /** Of the slope, 95 per cent: Sen's interval over the ranks of pairwise slopes. */
  readonly low: number;
  readonly high: number;
  readonly isFlat: boolean;
}

interface Sample {
  readonly hours: number;
  readonly megabytes: number;
}

/** Samples are taken so often, milliseconds. */
export const SAMPLE_MS = 2_000;
/** Floors: the lowest of so many samples. */
const SPAN_SAMPLES = 15;
/** Below so much an hour it is no leak that a restart a week would not forget: 1.3 GB in a week. */
const SLOPE_MAX = 8;

export class MemoryWatch {
  readonly #samples = new Map<string, Sample[]>();
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(watched: () => readonly Watched[]) {
    this.#timer = setInterval(() => {
      const hours = (performance.now() - this.#startedMs) / 3_600_000;
      for (const { name, pid } of watched()) {
        const megabytes = memoryOf(pid).own;
        if (megabytes === 0) continue;
        const known = this.#samples.get(name);
        if (known === undefined) this.#samples.set(name, [{ hours, megabytes }]);
        else known.push({ hours, megabytes });
      }
    }, SAMPLE_MS);
  }

  stop(): readonly Trend[] {
    clearInterval(this.#timer);
    return [...this.#samples].map(([name, samples]) => trendOf(name, samples));
  }
}

function trendOf(name: string, samples: readonly Sample[]): Trend {
  const floors: Sample[] = [];
  for (let at = 0; at + SPAN_SAMPLES <= samples.length; at += SPAN_SAMPLES) {
    const span = samples.slice(at, at + SPAN_SAMPLES);
    floors.push(span.reduce((lowest, one) => (one.megabytes < lowest.megabytes ? one : lowest)));
  }
  const { slope, low, high } = theilSen(floors);
  return {
    name,
    startMb: floors[0]?.megabytes ?? 0,
    endMb: floors.at(-1)?.megabytes ?? 0,
    slope,
    low,
    high,
    // Flat: no growth that can be told from none, or none that matters.
    isFlat: floors.length < 4 || low <= 0 || slope <= SLOPE_MAX,
  };
}

/** Sen, Estimates of the regression coefficient based on Kendall's tau, J. Am. Stat. Assoc. 63 (1968), 1379. */
function theilSen(points: readonly Sample[]): { slope: number; low: number; high: number } {
  const slopes: number[] = [];
  for (const [at, one] of points.entries())
    for (const other of points.slice(at + 1))
      slopes.push((other.megabytes - one.megabytes) / (other.hours - one.hours));
  slopes.sort((a, b) => a - b);
  const n = points.length;
  const spread = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? 0;
  return {
    slope: slopes.length === 0 ? 0 : median(slopes),
    low: at((slopes.length - spread) / 2),
    high: at((slopes.length + spread) / 2),
  };
}

/** Open files and sockets of a process. */
export function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
