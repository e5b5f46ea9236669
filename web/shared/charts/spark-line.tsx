interface SparkLineProps {
  /** Oldest first; null where nothing was measured. */
  readonly values: readonly (number | null)[];
  /** One sentence that says what the line shows. */
  readonly says: string;
}

const WIDTH = 84;
const HEIGHT = 24;
const AIR = 3;

/** A small line without axes: its shape alone. Gaps stay gaps; a value that stands alone is a dot. */
export function SparkLine({ values, says }: SparkLineProps) {
  const max = Math.max(1, ...values.map((value) => value ?? 0));
  const x = (position: number) => AIR + (position / Math.max(1, values.length - 1)) * (WIDTH - 2 * AIR);
  const y = (value: number) => HEIGHT - AIR - (value / max) * (HEIGHT - 2 * AIR);
  return (
    <svg className="spark" width={WIDTH} height={HEIGHT} role="img" aria-label={says} direction="ltr">
      <path d={pathOf(values, x, y)} />
      {values.map((value, position) =>
        value === null ||
        (position > 0 && values[position - 1] !== null) ||
        (values[position + 1] ?? null) !== null ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a point has its place in time and no other name
          <circle key={position} cx={x(position)} cy={y(value)} r="1.75" />
        ),
      )}
    </svg>
  );
}

function pathOf(
  values: readonly (number | null)[],
  x: (position: number) => number,
  y: (value: number) => number,
): string {
  return values
    .map((value, position) => {
      if (value === null) return '';
      const isFirst = position === 0 || values[position - 1] === null;
      return `${isFirst ? 'M' : 'L'}${x(position).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join('');
}
