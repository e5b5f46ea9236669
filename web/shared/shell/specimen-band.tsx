import { useDescription } from '../api/use-description.ts';
import { useLocalText, useMessages } from '../i18n/language.tsx';

/** Says on every page of an example that it is one, like SPECIMEN on a passport. */
export function SpecimenBand() {
  const { t } = useMessages('shell');
  const local = useLocalText();
  const description = useDescription();
  if (description?.charter.status !== 'example') return null;
  return (
    <div className="specimen" role="note">
      <span>
        <b>{t('specimen', { country: local(description.country.name) })}</b> {t('specimenText')}
      </span>
    </div>
  );
}
