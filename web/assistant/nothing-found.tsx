import type { QuotedAnswer, TurnMode, TurnView } from '../../src/assistant/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';

interface NothingFoundProps {
  readonly turn: TurnView;
  readonly quoted: QuotedAnswer;
  onAsk(question: string, mode: TurnMode, parent: string | null): Promise<unknown>;
}

/** No guess: what comes nearest, to ask in other words; the office stands below, as under every answer. */
export function NothingFound({ turn, quoted, onAsk }: NothingFoundProps) {
  const { t } = useMessages('assistant');
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
    </section>
  );
}
