import type { PolicyView } from '../../../src/api/schema.ts';
import { useLocalText, useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { State } from '../../shared/marks/state-shape.tsx';

/** One clause: what it says, what it does, on what it rests, who owns it, and its text. */
export function PolicyClause({ policy }: { readonly policy: PolicyView }) {
  const { t } = useMessages('law');
  const local = useLocalText();
  const { shortDate } = useFormats();
  const { id, name, sentence, effect, legalBasis, owner, reviewDate, file, line, text } = policy;
  return (
    <article className="clause" id={id}>
      <p className="clause-id">{id}</p>
      <div>
        <p className="verbatim clause-sentence" dir="auto">
          {local(sentence) || name}
        </p>
        <p className="hint">
          {t('basis')}: {legalBasis}
        </p>
        <details>
          <summary>{t('showText')}</summary>
          <p className="hint">{t('source', { file, line })}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre tabIndex={0} dir="ltr">
            <code>{text}</code>
          </pre>
        </details>
      </div>
      <div className="clause-side">
        <State kind={effect === 'permit' ? 'holds' : 'fails'}>{t(effect === 'permit' ? 'permits' : 'forbids')}</State>
        <p className="hint">{owner}</p>
        <p className="hint">
          {t('review')} {shortDate(reviewDate)}
        </p>
      </div>
    </article>
  );
}
