import type { UsageRow } from '../../../src/record/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { spansOf } from './spans-of.ts';
import { useAmounts } from './use-amounts.ts';

interface DayBarsProps {
  readonly rows: readonly UsageRow[];
  readonly from: string;
  readonly to: string;
}

/** Requests of each day as bars, of each week where there are many days; what they sum to in words beside them. */
export function DayBars({ rows, from, to }: DayBarsProps) {
  const { t } = useMessages('usage');
  const { number, date } = useFormats();
  const requests = new Map<string, number>();
  for (const row of rows) requests.set(row.day ?? '', (requests.get(row.day ?? '') ?? 0) + row.requests);
  const { spans, isWeekly } = spansOf(requests, from, to);
  const busiest = spans.toSorted((a, b) => b.count - a.count)[0] ?? { day: to, count: 0 };
  const most = Math.max(1, busiest.count);
  const n = number(busiest.count);
  return (
    <section className="usage-days" aria-label={t('perDay')}>
      <Sums rows={rows} />
      <p className="usage-most hint">{t(isWeekly ? 'mostWeek' : 'most', { n })}</p>
      <svg
        className="usage-bars"
        role="img"
        viewBox={`0 0 ${spans.length * 10} 60`}
        preserveAspectRatio="none"
        aria-label={t(isWeekly ? 'weeksSay' : 'barsSay', { n, day: date(busiest.day) })}
      >
        {spans.map(({ day, count }, at) => {
          const height = (count / most) * 58;
          return <rect key={day} x={at * 10 + 1} y={60 - height} width={8} height={height} />;
        })}
      </svg>
      <p className="usage-ends hint">
        <span>{date(from)}</span>
        <span>{date(to)}</span>
      </p>
    </section>
  );
}

/** Of all rows; money of each currency by itself. */
function Sums({ rows }: { readonly rows: readonly UsageRow[] }) {
  const { t } = useMessages('usage');
  const { number } = useFormats();
  const { energy, co2, money } = useAmounts();
  const sum = (count: 'requests' | 'tokensIn' | 'tokensOut') => rows.reduce((total, row) => total + row[count], 0);
  const spent = new Map<string, number>();
  for (const { currency, moneyMicros } of rows) spent.set(currency, (spent.get(currency) ?? 0) + moneyMicros);
  return (
    <dl className="facts usage-sums">
      <Fact name={t('requests')} value={number(sum('requests'))} />
      <Fact name={t('tokensIn')} value={number(sum('tokensIn'))} />
      <Fact name={t('tokensOut')} value={number(sum('tokensOut'))} />
      <Fact
        name={t('money')}
        value={[...spent].map(([currency, micros]) => money(micros, currency)).join(', ') || '0'}
      />
      <Fact name={t('energy')} value={energy(rows)} />
      <Fact name={t('co2')} value={co2(rows)} />
    </dl>
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
