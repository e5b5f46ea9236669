import type { UsageRow } from '../../../src/record/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';

const DAY_MS = 86_400_000;
/** More bars than this are finer than anybody sees. */
const DAYS_MAX = 120;

interface DayBarsProps {
  readonly rows: readonly UsageRow[];
  readonly from: string;
  readonly to: string;
}

/** Requests of each day as bars; what they sum to in words beside them. */
export function DayBars({ rows, from, to }: DayBarsProps) {
  const { t } = useMessages('usage');
  const { number, date } = useFormats();
  const requests = new Map<string, number>();
  for (const row of rows) requests.set(row.day ?? '', (requests.get(row.day ?? '') ?? 0) + row.requests);
  const days = daysBetween(from, to).slice(-DAYS_MAX);
  const most = Math.max(1, ...requests.values());
  const sum = (count: 'requests' | 'tokensIn' | 'tokensOut' | 'moneyMicros' | 'energyMicroWh') =>
    rows.reduce((total, row) => total + row[count], 0);
  const currency = rows[0]?.currency ?? '';
  const busiest = days.toSorted((a, b) => (requests.get(b) ?? 0) - (requests.get(a) ?? 0))[0] ?? to;
  return (
    <section className="usage-days" aria-label={t('perDay')}>
      <dl className="facts">
        <Fact name={t('requests')} value={number(sum('requests'))} />
        <Fact name={t('tokensIn')} value={number(sum('tokensIn'))} />
        <Fact name={t('tokensOut')} value={number(sum('tokensOut'))} />
        <Fact name={t('money')} value={`${(sum('moneyMicros') / 1e6).toFixed(2)} ${currency}`} />
        <Fact name={t('energy')} value={t('wattHours', { n: number(Math.round(sum('energyMicroWh') / 1e6)) })} />
      </dl>
      <svg
        className="usage-bars"
        role="img"
        viewBox={`0 0 ${days.length * 10} 60`}
        preserveAspectRatio="none"
        aria-label={t('barsSay', { n: number(requests.get(busiest) ?? 0), day: date(busiest) })}
      >
        {days.map((day, at) => {
          const height = ((requests.get(day) ?? 0) / most) * 58;
          return <rect key={day} x={at * 10 + 1} y={60 - height} width={8} height={height} />;
        })}
      </svg>
      <p className="usage-ends hint">
        <span>{date(days[0] ?? from)}</span>
        <span>{date(to)}</span>
      </p>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function daysBetween(from: string, to: string): string[] {
  const first = Date.parse(from);
  const count = Math.max(1, Math.round((Date.parse(to) - first) / DAY_MS) + 1);
  return Array.from({ length: count }, (_, at) => new Date(first + at * DAY_MS).toISOString().slice(0, 10));
}
