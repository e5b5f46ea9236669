import { useState } from 'react';
import type { Clock } from '../../src/api/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';

const DAY_MS = 86_400_000;
const SHOWN = 6;

const messages = {
  'policy-review': 'clockPolicy',
  'purpose-review': 'clockPurpose',
  evidence: 'clockEvidence',
  key: 'clockKey',
  case: 'clockCase',
} as const;

/** What runs out, soonest first. */
export function ClockList({ clocks }: { readonly clocks: readonly Clock[] }) {
  const { t } = useMessages('console');
  const [all, setAll] = useState(false);
  const shown = all ? clocks : clocks.slice(0, SHOWN);
  return (
    <section className="section">
      <h2>{t('clocks')}</h2>
      {clocks.length === 0 ? <p>{t('noClocks')}</p> : null}
      <ul className="clocks">
        {shown.map((clock) => (
          <ClockRow key={`${clock.kind} ${clock.name} ${clock.dueAt}`} clock={clock} />
        ))}
      </ul>
      {all || clocks.length <= SHOWN ? null : (
        <button type="button" className="button plain no-print" onClick={() => setAll(true)}>
          {t('more')}
        </button>
      )}
    </section>
  );
}

function ClockRow({ clock }: { readonly clock: Clock }) {
  const { t } = useMessages('console');
  const days = Math.ceil((Date.parse(clock.dueAt) - Date.now()) / DAY_MS);
  return (
    <li>
      <span>
        {t(messages[clock.kind], { name: clock.name })}
        <span className="hint">{clock.owner}</span>
      </span>
      <b className={days < 0 ? 'fault figures' : 'figures'}>{days < 0 ? t('overdue') : t('inDays', { n: days })}</b>
    </li>
  );
}
