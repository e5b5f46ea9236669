import { useDescription } from '../shared/api/use-description.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';

/** Says before anything is sent what the free conversation is. */
export function ChatLabel() {
  const { t } = useMessages('assistant');
  const { languageName } = useFormats();
  const model = useDescription()?.chatModel;
  if (model == null) return <p className="hint composer-note">{t('noFree')}</p>;
  const languages = model.languages.map(languageName).join(', ');
  return (
    <p className="hint composer-note">
      <b>{t('freeLabel', { model: model.name })}</b> {t('freeLanguages', { languages, licence: model.licence })}
    </p>
  );
}
