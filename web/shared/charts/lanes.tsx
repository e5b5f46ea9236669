import './lanes.css';
import { useId } from 'react';
import { Link } from 'wouter';
import { useFormats } from '../i18n/use-formats.ts';
import { JurisdictionMark, type Place, toneOf } from '../marks/jurisdiction-mark.tsx';

export interface Lane {
  readonly name: string;
  readonly place: Place;
  readonly series: 'solid' | 'hatched' | 'outline';
  readonly values: readonly number[];
  /** One sentence that says what the lane shows. */
  readonly says: string;
  /** Opens the entries behind the sum. */
  readonly href?: string;
}

interface LanesProps {
  readonly lanes: readonly Lane[];
  /** Below each bar, in order; an empty word where nothing stands. */
  readonly ticks: readonly string[];
}

const HEIGHTS = { solid: 88, hatched: 36, outline: 36 } as const;
/** Above the highest bar, so that its border is not cut. */
const AIR = 4;

/** Bars over time, one lane for each series, each with its own scale, so that small numbers stay visible. */
export function Lanes({ lanes, ticks }: LanesProps) {
  return (
    <div className="lanes">
      {lanes.map((lane) => (
        <OneLane key={lane.name} lane={lane} />
      ))}
      <div className="lanes-axis" aria-hidden="true">
        <svg width="100%" height="18" direction="ltr" aria-hidden="true">
          {ticks.map((tick, position) =>
            tick === '' ? null : (
              <text
                key={tick}
                x={percent((position + 0.5) / ticks.length)}
                y="13"
                textAnchor={anchor(position, ticks.length)}
              >
                {tick}
              </text>
            ),
          )}
        </svg>
      </div>
    </div>
  );
}

function OneLane({ lane: { name, place, series, values, says, href } }: { readonly lane: Lane }) {
  const { number } = useFormats();
  const max = Math.max(0, ...values);
  const sum = values.reduce((total, value) => total + value, 0);
  return (
    <div className="lane">
      <p className="lane-name">
        <span className={`lane-mark where-${toneOf(place)}`}>
          <JurisdictionMark place={place} size={18} />
        </span>
        <span>
          <b>{name}</b>{' '}
          <span className="figures">
            {href === undefined ? (
              number(sum)
            ) : (
              <Link href={href} aria-label={says}>
                {number(sum)}
              </Link>
            )}
          </span>
        </span>
      </p>
      <p className="lane-max figures" aria-hidden="true">
        {max === 0 ? '' : number(max)}
      </p>
      <Bars values={values} series={series} says={says} />
    </div>
  );
}

/** Places are shares of the width, so that lines keep their thickness on every screen. */
function Bars({ values, series, says }: Pick<Lane, 'values' | 'series' | 'says'>) {
  const id = useId();
  const height = HEIGHTS[series];
  const max = Math.max(1, ...values);
  const step = 1 / Math.max(1, values.length);
  return (
    <svg width="100%" height={height} role="img" aria-label={says} direction="ltr">
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0V6" className="lane-hatch" />
      </pattern>
      {Math.max(...values) > 0 ? <line x1="0" x2="100%" y1={AIR} y2={AIR} className="lane-grid" /> : null}
      <line x1="0" x2="100%" y1={height - 0.5} y2={height - 0.5} className="lane-base" />
      {values.map((value, position) => {
        const length = (value / max) * (height - AIR);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bars have their place in time and no other name
            key={position}
            data-series={series}
            className={`lane-bar lane-${series}`}
            x={percent((position + 0.12) * step)}
            y={height - length}
            width={percent(step * 0.76)}
            height={length}
            fill={series === 'hatched' ? `url(#${id})` : undefined}
          />
        );
      })}
    </svg>
  );
}

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

/** The first and the last word stay inside. */
function anchor(position: number, count: number): 'start' | 'middle' | 'end' {
  if (position === 0) return 'start';
  return position === count - 1 ? 'end' : 'middle';
}
