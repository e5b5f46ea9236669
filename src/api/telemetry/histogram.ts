import { type Instrument, labelName, prometheusName } from './instruments.ts';

export type MetricAttributes = Readonly<Record<string, string | number | boolean>>;

/** Sets of labels for one instrument; what comes after them is counted together. OpenTelemetry's default is 2,000. */
const POINTS_MAX = 1_000;
/** The name is OpenTelemetry's, for the same case. */
const overflow = { 'otel.metric.overflow': true };

/**
 * A histogram whose sets of labels are looked up once and kept by the caller: recording a value costs a search in at most
 * 16 bounds, no look-up and no allocation. `prom-client` looks up by hashing all labels each time.
 */
export class Histogram {
  readonly instrument: Instrument;
  readonly #points = new Map<string, Point>();

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  /** The same attributes give the same point. */
  open(attributes: MetricAttributes): Point {
    const labels = renderLabels(attributes);
    const known = this.#points.get(labels);
    if (known !== undefined) return known;
    if (this.#points.size >= POINTS_MAX && attributes !== overflow) return this.open(overflow);
    const point = new Point(attributes, this.instrument.boundaries);
    this.#points.set(labels, point);
    return point;
  }

  /** Those that hold a value. */
  points(): readonly Point[] {
    return [...this.#points.values()].filter(({ count }) => count > 0);
  }

  /** In Prometheus' text format 0.0.4. `common`: labels of every sample. */
  render(common: MetricAttributes): string {
    const name = prometheusName(this.instrument);
    const lines = [`# HELP ${name} ${this.instrument.description}`, `# TYPE ${name} histogram`];
    for (const point of this.points()) {
      const labels = renderLabels({ ...point.attributes, ...common });
      let below = 0;
      this.instrument.boundaries.forEach((bound, step) => {
        below += point.counts[step] ?? 0;
        lines.push(`${name}_bucket{le="${bound}",${labels}} ${below}`);
      });
      lines.push(`${name}_bucket{le="+Inf",${labels}} ${point.count}`);
      lines.push(`${name}_sum{${labels}} ${point.sum}`, `${name}_count{${labels}} ${point.count}`);
    }
    return `${lines.join('\n')}\n`;
  }
}

/** The values of one set of attributes. */
export class Point {
  readonly attributes: MetricAttributes;
  /** One for each boundary, and one for what lies above all. */
  readonly counts: number[];
  readonly #boundaries: readonly number[];
  sum = 0;
  count = 0;

  constructor(attributes: MetricAttributes, boundaries: readonly number[]) {
    this.attributes = attributes;
    this.#boundaries = boundaries;
    this.counts = new Array(boundaries.length + 1).fill(0);
  }

  record(value: number): void {
    let step = 0;
    while (step < this.#boundaries.length && value > (this.#boundaries[step] as number)) step++;
    this.counts[step] = (this.counts[step] as number) + 1;
    this.sum += value;
    this.count++;
  }
}

function renderLabels(attributes: MetricAttributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${labelName(name)}="${escapeLabel(String(value))}"`)
    .join(',');
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
