import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { DayCount } from '../../src/record/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { JurisdictionMark, type Place } from '../shared/marks/jurisdiction-mark.tsx';

type LineMessage = 'dayAnswered' | 'dayIn' | 'dayAbroad' | 'dayRefused' | 'dayNoPersonal' | 'dayPersonal' | 'dayBroken';

interface LineProps {
  readonly mark?: Place;
  readonly message: LineMessage;
  readonly n?: number;
  readonly place?: string;
  /** The entries behind the number. */
  readonly query?: string;
}

/** A number that opens the entries from which it was counted. */
function Line({ mark, message, n = 0, place = '', query }: LineProps) {
  const { rich } = useMessages('public');
  const { number } = useFormats();
  const bold = (inner: ReactNode) =>
    query === undefined ? <b>{inner}</b> : <Link href={`/record/entries?hours=24${query}`}>{inner}</Link>;
  // Grouped by hand, because identifiers and counts look the same in all languages.
  const values = { n: message === 'dayAnswered' ? n : number(n), place };
  return (
    <li>
      <span className="day-mark">{mark === undefined ? null : <JurisdictionMark place={mark} size={26} />}</span>
      <span>{rich(message, values, { b: bold })}</span>
    </li>
  );
}

export function DayLines({ day }: { readonly day: DayCount }) {
  const { t } = useMessages('public');
  const { regionName } = useFormats();
  const broken = day.failed + day.unfinished;
  return (
    <>
      <ul className="day">
        <Line message="dayAnswered" n={day.answered} query="&ended=complete" />
        {day.places.map(({ place, jurisdiction, count }) => (
          <Line
            key={`${place} ${jurisdiction}`}
            mark={place}
            message={place === 'in-country' ? 'dayIn' : 'dayAbroad'}
            n={count}
            place={regionName(jurisdiction ?? '')}
            query={`&place=${place}&ended=complete`}
          />
        ))}
        <Line mark="not-sent" message="dayRefused" n={day.refused} query="&ended=refused" />
        {broken === 0 ? null : <Line message="dayBroken" n={broken} query="&ended=unfinished" />}
        <Line message={day.personalAbroad === 0 ? 'dayNoPersonal' : 'dayPersonal'} n={day.personalAbroad} />
      </ul>
      <p className="quiet">{day.counted === null ? t('countedNone') : t('countedFrom', { ...day.counted })}</p>
    </>
  );
}
