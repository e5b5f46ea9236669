import { type FormEvent, useState } from 'react';
import { useMessages } from '../shared/i18n/language.tsx';

interface EditQuestionProps {
  readonly question: string;
  onSave(question: string): Promise<unknown>;
  onCancel(): void;
}

/** The question as it was, to be asked otherwise. What was answered stays as a variant. */
export function EditQuestion({ question, onSave, onCancel }: EditQuestionProps) {
  const { t } = useMessages('assistant');
  const [text, setText] = useState(question);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') void onSave(text.trim());
  };
  return (
    <form className="edit-question" onSubmit={onSubmit}>
      <textarea
        aria-label={t('yourQuestion')}
        rows={3}
        dir="auto"
        value={text}
        maxLength={4000}
        // biome-ignore lint/a11y/noAutofocus: the reader has just pressed Edit
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          onCancel();
        }}
      />
      <div className="row">
        <button type="submit" className="button first">
          {t('save')}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}
