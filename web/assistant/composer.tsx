import { ArrowRight, Square } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import type { TurnMode } from '../../src/assistant/schema.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { ChatLabel } from './chat-label.tsx';
import { explainFault } from './explain-fault.ts';
import { ModeChoice } from './mode-choice.tsx';
import { UnsentNote } from './unsent-note.tsx';
import { useUnsent } from './use-unsent.ts';

/** As the server bounds it. Characters. */
const QUESTION_MAX = 4000;

interface ComposerProps {
  readonly placeholder: string;
  readonly isFirst?: boolean;
  /** Who has just asked stays in the field. */
  readonly hasFocus?: boolean;
  readonly mode: TurnMode;
  onMode(mode: TurnMode): void;
  /** Rejects when the question was not taken; it stays in the field then. */
  onAsk(question: string): Promise<unknown>;
  /** Set while an answer is being made. */
  readonly onStop?: (() => void) | undefined;
}

/** The field for a question. Enter sends, Shift and Enter begins a new line, Esc stops. */
export function Composer({
  placeholder,
  isFirst = false,
  hasFocus = false,
  mode,
  onMode,
  onAsk,
  onStop,
}: ComposerProps) {
  const { t } = useMessages('assistant');
  const { unsent, keepUnsent, discard } = useUnsent();
  const [text, setText] = useState(unsent);
  const [fault, setFault] = useState('');
  const sending = useRef(false);
  const id = useId();
  const hasChat = useDescription()?.chatModel != null;
  const send = async () => {
    const question = text.trim();
    if (question === '' || sending.current) return;
    sending.current = true;
    setFault('');
    try {
      await onAsk(question);
      discard();
      setText('');
    } catch (cause) {
      keepUnsent(question, cause);
      setFault(t(...explainFault(cause)));
    } finally {
      sending.current = false;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  return (
    <form className="composer" onSubmit={onSubmit}>
      <label className="unseen" htmlFor={id}>
        {t('yourQuestion')}
      </label>
      <textarea
        id={id}
        rows={isFirst ? 3 : 2}
        maxLength={QUESTION_MAX}
        value={text}
        // Empty, it shows words of the interface; then the words of the question decide.
        dir={text === '' ? undefined : 'auto'}
        placeholder={placeholder}
        // biome-ignore lint/a11y/noAutofocus: the reader pressed Enter in a field like this one
        autoFocus={hasFocus}
        aria-describedby={`${id}-keys`}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="composer-row">
        {hasChat ? <ModeChoice mode={mode} onMode={onMode} /> : <span className="hint">{t('official')}</span>}
        <span className="composer-send">
          {onStop === undefined ? null : (
            <button type="button" className="button" onClick={onStop}>
              <Square className="icon" aria-hidden="true" /> {t('stop')} <kbd>Esc</kbd>
            </button>
          )}
          <button type="submit" className="button first">
            {t('ask')} <ArrowRight className="icon icon-flip" aria-hidden="true" />
          </button>
        </span>
      </div>
      <p id={`${id}-keys`} className={isFirst ? 'hint composer-keys' : 'unseen'}>
        {t('keys')}
      </p>
      {mode === 'chat' ? <ChatLabel /> : null}
      {unsent === '' ? null : (
        <UnsentNote
          onDiscard={() => {
            discard();
            setText('');
          }}
        />
      )}
      <p role="alert" className="error composer-error">
        {fault}
      </p>
    </form>
  );
}
