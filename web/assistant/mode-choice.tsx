import { useId } from 'react';
import type { TurnMode } from '../../src/assistant/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';

interface ModeChoiceProps {
  readonly mode: TurnMode;
  onMode(mode: TurnMode): void;
}

/** Passages of the collection, or a model that may invent: never mixed. */
export function ModeChoice({ mode, onMode }: ModeChoiceProps) {
  const { t } = useMessages('assistant');
  const name = useId();
  const options = [
    ['quoted', t('official')],
    ['chat', t('free')],
  ] as const;
  return (
    <fieldset className="modes">
      <legend className="unseen">{t('answerKind')}</legend>
      {options.map(([value, label]) => (
        <label key={value} className="choice">
          <input type="radio" name={name} checked={mode === value} onChange={() => onMode(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
