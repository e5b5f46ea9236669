import { Link } from 'wouter';
import { useMessages } from '../../shared/i18n/language.tsx';
import { State } from '../../shared/marks/state-shape.tsx';
import { AnswerFacts } from './answer-facts.tsx';
import { curlOf } from './chat-wish.ts';
import type { Column } from './use-columns.ts';

interface AnswerColumnProps {
  readonly column: Column;
  onStop(): void;
  onAgain(): void;
}

const kinds = { running: 'waits', done: 'holds', stopped: 'idle', failed: 'fails' } as const;

/** One model: what it says as it says it, or why it says nothing. */
export function AnswerColumn({ column, onStop, onAgain }: AnswerColumnProps) {
  const { t } = useMessages('playground');
  const { model, state, text, problem, wish } = column;
  return (
    <article className="answer-column" aria-label={t('answerOf', { model })} aria-busy={state === 'running'}>
      <header>
        <h3>{model}</h3>
        <State kind={kinds[state]}>{t(state)}</State>
      </header>
      {problem === null ? null : <Fault column={column} />}
      <p className="answer-text" dir="auto" lang="">
        {text}
      </p>
      <AnswerFacts column={column} />
      <div className="row no-print">
        {state === 'running' ? (
          <button type="button" className="button" onClick={onStop}>
            {t('stop')}
          </button>
        ) : (
          <button type="button" className="button" onClick={onAgain}>
            {t('again')}
          </button>
        )}
        <button
          type="button"
          className="button plain"
          disabled={text === ''}
          onClick={() => void navigator.clipboard.writeText(text)}
        >
          {t('copy')}
        </button>
        <button
          type="button"
          className="button plain"
          onClick={() => void navigator.clipboard.writeText(curlOf(wish, model))}
        >
          {t('copyCurl')}
        </button>
      </div>
    </article>
  );
}

/** A refusal says its clause in its own words; the page of decisions shows what would alter it. */
function Fault({ column: { problem, wish, model } }: { readonly column: Column }) {
  const { t } = useMessages('playground');
  if (problem === null) return null;
  const { tenant, purpose, level } = wish;
  const facts = new URLSearchParams({ tenant, purpose, level, model, mode: 'chat' });
  return (
    <div role="alert" className="fault">
      <p>{problem.detail}</p>
      {/policy/.test(problem.code) ? (
        <p>
          <Link href={`/console/decide?${facts}`}>{t('whyRefused')}</Link>
        </p>
      ) : null}
    </div>
  );
}
