import './lanes.css';

interface GrowthProps {
  /** Size at the end of each day, oldest first. */
  readonly sizes: readonly number[];
  /** One sentence that says what the area shows. */
  readonly says: string;
}

const HEIGHT = 72;

/** A log only grows: the area below its size, from the size at the beginning. */
export function Growth({ sizes, says }: GrowthProps) {
  const last = sizes.length - 1;
  const first = sizes[0] ?? 0;
  const span = Math.max(1, (sizes[last] ?? 0) - first);
  const points = sizes.map(
    (size, day) => `${(day / Math.max(1, last)) * 100} ${HEIGHT - 2 - ((size - first) / span) * (HEIGHT - 6)}`,
  );
  return (
    <svg
      className="growth"
      viewBox={`0 0 100 ${HEIGHT}`}
      preserveAspectRatio="none"
      width="100%"
      height={HEIGHT}
      role="img"
      aria-label={says}
      direction="ltr"
    >
      <path className="growth-area" d={`M0 ${HEIGHT}L${points.join('L')}L100 ${HEIGHT}Z`} />
      <path className="growth-line" d={`M${points.join('L')}`} />
    </svg>
  );
}
