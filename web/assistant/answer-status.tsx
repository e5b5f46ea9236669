import { useEffect, useRef, useState } from 'react';
import type { TurnView } from '../../src/assistant/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';

/** Tells those who listen that an answer began and that it is finished; never its words as they come. */
export function AnswerStatus({ turn }: { readonly turn: TurnView | undefined }) {
  const { t } = useMessages('assistant');
  const [said, setSaid] = useState('');
  const watched = useRef<string | null>(null);
  useEffect(() => {
    if (turn === undefined) return;
    if (turn.state === 'running' && watched.current !== turn.id) {
      watched.current = turn.id;
      setSaid(t('started'));
    }
    // What was finished when the page opened is not announced.
    if (turn.state !== 'running' && watched.current === turn.id) {
      watched.current = null;
      setSaid(t('finished', { n: turn.quoted?.passages.length ?? 0 }));
    }
  }, [turn, t]);
  return (
    <p role="status" className="unseen">
      {said}
    </p>
  );
}
