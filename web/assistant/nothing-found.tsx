import { UserRound } from 'lucide-react';
import type { QuotedAnswer, TurnMode, TurnView } from '../../src/assistant/schema.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useLocalText, useMessages } from '../shared/i18n/language.tsx';

interface NothingFoundProps {
  readonly turn: TurnView;
  readonly quoted: QuotedAnswer;
  onAsk(question: string, mode: TurnMode, parent: string | null): Promise<unknown>;
}

/** No guess: what comes nearest, to ask in other words, and the office. */
export function NothingFound({ turn, quoted, onAsk }: NothingFoundProps) {
  const { t } = useMessages('assistant');
  const local = useLocalText();
  const office = useDescription()?.office;
  return (
    <section className="nothing">
      <h3>{t('nothingTitle')}</h3>
      <p>{t('nothingText')}</p>
      {quoted.nearest.length === 0 ? null : <p className="label">{t('nearest')}</p>}
      <ul className="nearest">
        {quoted.nearest.map(({ question }) => (
          <li key={question}>
            <button type="button" className="button" dir="auto" onClick={() => void onAsk(question, 'quoted', turn.id)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
      <p>
        <a className="button" href={office?.link}>
          <UserRound className="icon" aria-hidden="true" /> {t('askOffice', { office: local(office?.name) })}
        </a>
      </p>
    </section>
  );
}
