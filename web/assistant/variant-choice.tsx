import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { TurnView } from '../../src/assistant/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';

interface VariantChoiceProps {
  readonly turn: TurnView;
  readonly variants: readonly string[];
  onChoose(parent: string | null, turn: string): void;
}

/** Edits and second answers stand beside one another; none is lost. */
export function VariantChoice({ turn, variants, onChoose }: VariantChoiceProps) {
  const { t } = useMessages('assistant');
  if (variants.length < 2) return null;
  const place = variants.indexOf(turn.id);
  const step = (offset: number) => {
    const next = variants[place + offset];
    if (next !== undefined) onChoose(turn.parent, next);
  };
  return (
    <fieldset className="variants" aria-label={t('variants')}>
      <button
        type="button"
        className="button plain"
        disabled={place === 0}
        onClick={() => step(-1)}
        aria-label={t('previous')}
      >
        <ChevronLeft className="icon icon-flip" aria-hidden="true" />
      </button>
      {t('variant', { n: place + 1, of: variants.length })}
      <button
        type="button"
        className="button plain"
        disabled={place === variants.length - 1}
        onClick={() => step(1)}
        aria-label={t('next')}
      >
        <ChevronRight className="icon icon-flip" aria-hidden="true" />
      </button>
    </fieldset>
  );
}
