import { UserRound } from 'lucide-react';
import { Link } from 'wouter';
import { useDescription } from '../shared/api/use-description.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { Where } from '../shared/marks/jurisdiction-mark.tsx';
import { State } from '../shared/marks/state-shape.tsx';

/** The margin of the first page: the receipt, what can be done in which language, and where. */
export function AboutService() {
  const { t } = useMessages('assistant');
  const description = useDescription();
  const { regionName } = useFormats();
  return (
    <aside className="about" aria-label={t('aboutService')}>
      <section className="about-receipt">
        <h2>{t('receiptUnder')}</h2>
        <p>{t('receiptUnderText')}</p>
        <p className="about-links">
          <Link href="/help">{t('howItWorks')}</Link>
          <a href={description?.office.link ?? '/help'}>
            <UserRound className="icon" aria-hidden="true" /> {t('talkToPerson')}
          </a>
        </p>
      </section>
      <section>
        <Abilities />
        {(description?.places ?? []).map(({ place, jurisdiction, inCountry }) => (
          <p key={place} className="about-place">
            <Where place={inCountry ? 'in-country' : 'abroad'}>
              {t('madeIn', { place: regionName(jurisdiction) })}
            </Where>
          </p>
        ))}
      </section>
    </aside>
  );
}

function Abilities() {
  const { t } = useMessages('assistant');
  const abilities = useDescription()?.abilities ?? [];
  return (
    <>
      <h2 id="abilities">{t('canNow')}</h2>
      <table aria-labelledby="abilities">
        <thead>
          <tr>
            <th scope="col">{t('language')}</th>
            <th scope="col">{t('quotes')}</th>
            <th scope="col">{t('writes')}</th>
          </tr>
        </thead>
        <tbody>
          {abilities.map(({ language, quotes, writes }) => (
            <tr key={language}>
              <th scope="row" lang={language}>
                {new Intl.DisplayNames(language, { type: 'language' }).of(language)}
              </th>
              <td>
                <YesNo holds={quotes} />
              </td>
              <td>
                <YesNo holds={writes} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint about-note">{t('admission')}</p>
    </>
  );
}

function YesNo({ holds }: { readonly holds: boolean }) {
  const { t } = useMessages('assistant');
  return <State kind={holds ? 'holds' : 'idle'}>{holds ? t('yes') : t('no')}</State>;
}
