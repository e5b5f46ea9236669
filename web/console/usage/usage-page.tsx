import './usage.css';
import { Download } from 'lucide-react';
import { useState } from 'react';
import type { BudgetView, KeysView, TenantView, UsageView } from '../../../src/api/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { PageHeading } from '../../shared/shell/page-heading.tsx';
import { LawState } from '../law/law-state.tsx';
import { useConsole } from '../use-console.ts';
import { BudgetsTable } from './budgets-table.tsx';
import { DayBars } from './day-bars.tsx';
import type { Names } from './owner-name.tsx';
import { UsageTable } from './usage-table.tsx';

const groups = ['tenant', 'project', 'key', 'purpose', 'model', 'backend'] as const;
type Group = (typeof groups)[number];

const DAY_MS = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const LIVE_MS = 15_000;
const STILL_MS = 60_000;
const DAYS = 30;

/** Who used what, and what is left of each limit. */
export default function UsagePage() {
  const { t } = useMessages('usage');
  const [range, setRange] = useState(() => ({ from: dayOf(Date.now() - (DAYS - 1) * DAY_MS), to: dayOf(Date.now()) }));
  const [group, setGroup] = useState<Group>(askedGroup);
  const query = `from=${range.from}&to=${range.to}`;
  const table = useConsole<UsageView>(`usage?${query}&every=all&by=${group}`, LIVE_MS);
  const days = useConsole<UsageView>(`usage?${query}&every=day&by=`, LIVE_MS);
  const budgets = useConsole<{ budgets: readonly BudgetView[] }>('budgets', LIVE_MS);
  const names = useNames();
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('usage')} />
      </header>
      <p className="section-lead">{t('lead')}</p>
      <form className="usage-row no-print" onSubmit={(event) => event.preventDefault()}>
        <Day name={t('from')} value={range.from} most={range.to} onDay={(from) => setRange({ ...range, from })} />
        <Day name={t('to')} value={range.to} least={range.from} onDay={(to) => setRange({ ...range, to })} />
        <label className="field">
          <span className="label">{t('by')}</span>
          <select value={group} onChange={(event) => setGroup(event.target.value as Group)}>
            {groups.map((one) => (
              <option key={one} value={one}>
                {t(one)}
              </option>
            ))}
          </select>
        </label>
      </form>
      {days.data === undefined || table.data === undefined ? (
        <LawState error={days.error ?? table.error} />
      ) : (
        <>
          <DayBars rows={days.data.rows} from={days.data.from} to={days.data.to} />
          <UsageTable
            rows={table.data.rows}
            group={group}
            keys={names.keys}
            csv={`/api/console/usage.csv?${query}&by=${groups.join()}`}
          />
          <p className="row usage-more no-print">
            <a className="button" href={`/api/console/usage-focus.csv?${query}`} download>
              <Download className="icon" aria-hidden="true" /> {t('focus')}
            </a>
            <button type="button" className="button plain" onClick={() => print()}>
              {t('print')}
            </button>
          </p>
        </>
      )}
      <h2 className="usage-part">{t('budgets')}</h2>
      <p className="section-lead">{t('budgetsLead')}</p>
      {budgets.data === undefined ? (
        <LawState error={budgets.error} />
      ) : (
        <BudgetsTable budgets={budgets.data.budgets} names={names} />
      )}
    </>
  );
}

/** `?by=key` of a link that leads here. */
function askedGroup(): Group {
  const asked = new URLSearchParams(location.search).get('by');
  return groups.find((group) => group === asked) ?? 'tenant';
}

/** Ids alone where they cannot be read. */
function useNames(): Names {
  const keys = useConsole<KeysView>('keys', STILL_MS);
  const tenants = useConsole<{ tenants: readonly TenantView[] }>('tenants', STILL_MS);
  return {
    keys: new Map((keys.data?.keys ?? []).map(({ id, name }) => [id, name])),
    tenants: new Map((tenants.data?.tenants ?? []).map(({ id, name }) => [id, name])),
  };
}

interface DayProps {
  readonly name: string;
  readonly value: string;
  readonly least?: string;
  readonly most?: string;
  onDay(day: string): void;
}

/** A day that is half written is none: the last whole one stays. */
function Day({ name, value, least, most, onDay }: DayProps) {
  return (
    <label className="field">
      <span className="label">{name}</span>
      <input
        type="date"
        value={value}
        min={least}
        max={most}
        onChange={({ target }) => {
          if (target.value !== '' && target.validity.valid) onDay(target.value);
        }}
      />
    </label>
  );
}
