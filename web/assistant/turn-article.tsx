import { memo, useState } from 'react';
import type { TurnMode, TurnView } from '../../src/assistant/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { EditQuestion } from './edit-question.tsx';
import { TurnBody } from './turn-body.tsx';
import { TurnEnd } from './turn-end.tsx';
import { VariantChoice } from './variant-choice.tsx';

export interface TurnActions {
  /** Whether it was taken. `parent` null: a variant of the first question. */
  onAsk(question: string, mode: TurnMode, parent: string | null): Promise<boolean>;
  onChoose(parent: string | null, turn: string): void;
  onContested(turn: TurnView): void;
}

interface TurnArticleProps extends TurnActions {
  readonly turn: TurnView;
  readonly variants: readonly string[];
  /** Such as `14:02`: formatted by the page, because hundreds of turns share one format. */
  readonly askedAt: string;
}

/** One question with its answer. Drawn again only when it changed: a long conversation stays fluid. */
export const TurnArticle = memo(
  OneTurn,
  (before, after) =>
    before.turn === after.turn &&
    before.askedAt === after.askedAt &&
    before.onAsk === after.onAsk &&
    before.variants.join() === after.variants.join(),
);

function OneTurn({ turn, variants, askedAt, onAsk, onChoose, onContested }: TurnArticleProps) {
  const { t } = useMessages('assistant');
  const [editing, setEditing] = useState(false);
  const isRunning = turn.state === 'running';
  return (
    <article className="turn" aria-busy={isRunning} aria-labelledby={`q-${turn.id}`}>
      <div className="hint turn-head">
        {t('askedAt', { time: askedAt })}
        <VariantChoice turn={turn} variants={variants} onChoose={onChoose} />
      </div>
      {editing ? (
        <EditQuestion
          question={turn.question}
          onCancel={() => setEditing(false)}
          onSave={(question) => onAsk(question, turn.mode, turn.parent).then((taken) => setEditing(!taken))}
        />
      ) : (
        <h2 id={`q-${turn.id}`} tabIndex={-1} dir="auto">
          {turn.question}
        </h2>
      )}
      <TurnBody turn={turn} onAsk={onAsk} />
      {isRunning ? null : (
        <TurnEnd turn={turn} onAsk={onAsk} onEdit={() => setEditing(true)} onContested={onContested} />
      )}
    </article>
  );
}
