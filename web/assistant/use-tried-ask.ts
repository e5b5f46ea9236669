import { useCallback, useState } from 'react';
import type { TurnMode } from '../../src/assistant/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { explainFault } from './explain-fault.ts';

type AskAfter<T> = (question: string, mode: TurnMode, parent: string | null) => Promise<T>;

/** Asking from a button: whether it was taken, and if not, the sentence that says why. */
export function useTriedAsk(ask: AskAfter<unknown>): { readonly fault: string; readonly tryAsk: AskAfter<boolean> } {
  const { t } = useMessages('assistant');
  const [fault, setFault] = useState('');
  const tryAsk = useCallback<AskAfter<boolean>>(
    async (question, mode, parent) => {
      setFault('');
      try {
        await ask(question, mode, parent);
        return true;
      } catch (cause) {
        setFault(t(...explainFault(cause)));
        return false;
      }
    },
    [ask, t],
  );
  return { fault, tryAsk };
}
