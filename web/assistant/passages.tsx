import { ArrowUpRight } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { QuotedAnswer, QuotedPassage, TurnView } from '../../src/assistant/schema.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { isLanguage, languages } from '../shared/i18n/languages.ts';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { KindLine } from './kind-line.tsx';

/** A quoted answer: passages unchanged, set like a statute, who says so and when at the side. */
export function Passages({ turn, quoted }: { readonly turn: TurnView; readonly quoted: QuotedAnswer }) {
  const { languageName } = useFormats();
  const isOwn = quoted.language === turn.language;
  const abilities = useDescription()?.abilities;
  const isWritten = abilities?.some(({ language, writes }) => writes && language === quoted.language) ?? false;
  const own = isWritten ? 'kindQuotedChosen' : 'kindQuoted';
  const values = { language: languageName(quoted.language) };
  return (
    <>
      <KindLine message={isOwn ? own : 'kindQuotedOther'} values={values} icon="quoted" />
      <div className="passages">
        {quoted.passages.map((passage) => (
          <Passage key={passage.id} passage={passage} />
        ))}
      </div>
    </>
  );
}

function Passage({ passage }: { readonly passage: QuotedPassage }) {
  const { language, provenance, heading, text, matches } = passage;
  const direction = isLanguage(language) ? languages[language].dir : 'auto';
  return (
    <section className="passage">
      {/* The typeface says who speaks: serif only for an authority's own words. */}
      <blockquote className={provenance === 'official' ? 'verbatim' : undefined} lang={language} dir={direction}>
        <h3>{heading}</h3>
        <p>{marked(text, matches)}</p>
      </blockquote>
      <SideNote passage={passage} />
    </section>
  );
}

function SideNote({ passage }: { readonly passage: QuotedPassage }) {
  const { t } = useMessages('assistant');
  const { shortDate } = useFormats();
  const { title, authority, checked, provenance, link, language, law } = passage;
  const state =
    checked === null
      ? provenance === 'project'
        ? t('example')
        : t('neverChecked')
      : t('checked', { date: shortDate(checked) });
  return (
    <div className="passage-side">
      <b lang={language} dir="auto">
        {title}
      </b>
      <p>
        <span lang={language}>{authority}.</span> {state}
      </p>
      {law.map(({ act, section, url }) => (
        <p key={`${act} ${section}`}>
          <a href={url} rel="noopener" lang={language}>
            {section === null ? act : `${act}, ${section}`}
          </a>
        </p>
      ))}
      <p>
        <a href={link} rel="noopener">
          {t('openPassage')} <ArrowUpRight className="icon icon-flip" aria-hidden="true" />
        </a>
      </p>
    </div>
  );
}

/** Words of the question in the passage. The words themselves stay as they are. */
function marked(text: string, matches: QuotedPassage['matches']): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const [start, end] of matches) {
    parts.push(
      <Fragment key={from}>{text.slice(from, start)}</Fragment>,
      <mark key={`m${start}`}>{text.slice(start, end)}</mark>,
    );
    from = end;
  }
  return [...parts, text.slice(from)];
}
