import type { TurnMode, TurnView } from '../../src/assistant/schema.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { KindLine } from './kind-line.tsx';
import { Markdown } from './markdown.tsx';
import { NothingFound } from './nothing-found.tsx';
import { Passages } from './passages.tsx';
import { RefusalReasons } from './refusal-reasons.tsx';

interface TurnBodyProps {
  readonly turn: TurnView;
  onAsk(question: string, mode: TurnMode, parent: string | null): Promise<unknown>;
}

/** What came of a question, by its state. */
export function TurnBody({ turn, onAsk }: TurnBodyProps) {
  switch (turn.state) {
    case 'running':
      return <Running turn={turn} />;
    case 'refused':
      return <RefusalReasons turn={turn} />;
    case 'complete':
      return turn.mode === 'chat' ? <Written turn={turn} /> : <Quoted turn={turn} onAsk={onAsk} />;
    default:
      return <BrokenOff turn={turn} onAsk={onAsk} />;
  }
}

function Running({ turn }: { readonly turn: TurnView }) {
  return (
    <>
      <KindLine message={turn.mode === 'chat' ? 'kindRunningChat' : 'kindRunningQuoted'} icon={turn.mode} />
      {turn.text === null ? null : <Text text={turn.text} />}
      <div className="still" aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
    </>
  );
}

function Quoted({ turn, onAsk }: TurnBodyProps) {
  if (turn.quoted === null) return null;
  if (!turn.quoted.found) return <NothingFound turn={turn} quoted={turn.quoted} onAsk={onAsk} />;
  return <Passages turn={turn} quoted={turn.quoted} />;
}

function Written({ turn }: { readonly turn: TurnView }) {
  const model = useDescription()?.chatModel?.name ?? '';
  return (
    <>
      <KindLine message="kindChat" values={{ model }} icon="chat" />
      <Text text={turn.text ?? ''} />
    </>
  );
}

const faults: Readonly<Record<string, 'failedRate' | 'failedBudget'>> = {
  'rate-limited': 'failedRate',
  'over-budget': 'failedBudget',
};

function BrokenOff({ turn, onAsk }: TurnBodyProps) {
  const { t } = useMessages('assistant');
  const ended = turn.state === 'stopped' || turn.state === 'unfinished' ? turn.state : 'failed';
  const message = faults[turn.failure?.code ?? ''] ?? ended;
  return (
    <>
      {turn.text === null || turn.text === '' ? null : <Text text={turn.text} />}
      <KindLine message={message} icon="broken" />
      <p>
        <button type="button" className="button" onClick={() => void onAsk(turn.question, turn.mode, turn.parent)}>
          {t('tryAgain')}
        </button>
      </p>
    </>
  );
}

function Text({ text }: { readonly text: string }) {
  return (
    <div className="written">
      <Markdown text={text} />
    </div>
  );
}
