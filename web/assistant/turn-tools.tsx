import { Copy, PenLine, Printer, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { TurnView } from '../../src/assistant/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { ReadAloud } from './read-aloud.tsx';

interface TurnToolsProps {
  readonly turn: TurnView;
  onAgain(): void;
  onEdit(): void;
}

/** Quiet tools of an answer. Those that need a model are not there. */
export function TurnTools({ turn, onAgain, onEdit }: TurnToolsProps) {
  const { t } = useMessages('assistant');
  const [copied, setCopied] = useState(false);
  const text = textOf(turn);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <div className="row tools no-print">
      {text === '' ? null : (
        <>
          <ReadAloud text={text} language={turn.quoted?.language ?? turn.language} />
          <button type="button" className="button plain" onClick={() => void copy()}>
            <Copy className="icon" aria-hidden="true" /> {copied ? t('copied') : t('copy')}
          </button>
        </>
      )}
      <button type="button" className="button plain" onClick={() => print()}>
        <Printer className="icon" aria-hidden="true" /> {t('print')}
      </button>
      <button type="button" className="button plain" onClick={onAgain}>
        <RefreshCw className="icon" aria-hidden="true" /> {t('again')}
      </button>
      <button type="button" className="button plain" onClick={onEdit}>
        <PenLine className="icon" aria-hidden="true" /> {t('edit')}
      </button>
    </div>
  );
}

function textOf({ quoted, text }: TurnView): string {
  if (quoted === null) return text ?? '';
  return quoted.passages
    .map((passage) => `${passage.text}\n(${passage.title}, ${passage.authority}, ${passage.link})`)
    .join('\n\n');
}
