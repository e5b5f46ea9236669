import './lanes.css';
import { useId } from 'react';
import { useFormats } from '../i18n/use-formats.ts';

export interface Lane {
  readonly name: string;
  readonly series: 'solid' | 'hatched' | 'outline';
  readonly values: readonly number[];
  /** One sentence that says what the lane shows. */
  readonly says: string;
}

interface LanesProps {
  readonly lanes: readonly Lane[];
  /** Below the first and the last bar. */
  readonly from: string;
  readonly to: string;
}

const BAR = 20;
const GAP = 6;
const HEIGHTS = { solid: 84, hatched: 34, outline: 34 } as const;

/** Bars over time, one lane for each series, each with its own scale, so that small numbers stay visible. */
export function Lanes({ lanes, from, to }: LanesProps) {
  return (
    <div className="lanes">
      {lanes.map((lane) => (
        <OneLane key={lane.name} lane={lane} />
      ))}
      <p className="lanes-axis hint">
        <span>{from}</span>
        <span>{to}</span>
      </p>
    </div>
  );
}

function OneLane({ lane }: { readonly lane: Lane }) {
  const { number } = useFormats();
  const id = useId();
  const { values, series } = lane;
  const height = HEIGHTS[series];
  const max = Math.max(1, ...values);
  const sum = values.reduce((total, value) => total + value, 0);
  const width = values.length * (BAR + GAP);
  return (
    <div className="lane">
      <p className="lane-name">
        <b>{lane.name}</b> <span className="figures">{number(sum)}</span>
      </p>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={lane.says}
        direction="ltr"
      >
        <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V6" className="lane-hatch" />
        </pattern>
        <path d={`M0 ${height - 0.5}H${width}`} className="lane-base" />
        {values.map((value, position) => {
          const length = (value / max) * (height - 4);
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: bars have their place in time and no other name
              key={position}
              data-series={series}
              className={`lane-bar lane-${series}`}
              x={position * (BAR + GAP) + GAP / 2}
              y={height - length}
              width={BAR}
              height={length}
              fill={series === 'hatched' ? `url(#${id})` : undefined}
            />
          );
        })}
      </svg>
    </div>
  );
}
