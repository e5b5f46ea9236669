import { useLanguage, useMessages } from './language.tsx';
import { type Language, languages } from './languages.ts';

/** Always in sight, each language by its own name: whoever cannot read the page must find it. */
export function LanguageSwitch() {
  const { language, choose } = useLanguage();
  const { t } = useMessages('shell');
  return (
    <nav className="languages" aria-label={t('languages')}>
      {Object.entries(languages).map(([tag, { name, dir }]) => (
        <button
          key={tag}
          type="button"
          className="tab"
          lang={tag}
          dir={dir}
          aria-current={tag === language ? 'true' : undefined}
          onClick={() => choose(tag as Language)}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}
