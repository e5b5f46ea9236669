import { Download } from 'lucide-react';
import { Link } from 'wouter';
import type { ConversationSummary } from '../../src/assistant/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { DeleteStep } from './delete-step.tsx';

interface ConversationRowProps {
  readonly item: ConversationSummary;
  onDelete(): Promise<void>;
}

/** One conversation of the list. */
export function ConversationRow({ item, onDelete }: ConversationRowProps) {
  const { t } = useMessages('assistant');
  const { date, time } = useFormats();
  const { id, title, updatedAt, turns, excerpt } = item;
  return (
    <li>
      <div>
        <Link href={`/c/${id}`} dir="auto">
          {title}
        </Link>
        <p className="hint">
          {date(updatedAt)}, {time(updatedAt)}. {t('turnsCount', { n: turns })}.
        </p>
        {excerpt === null ? null : (
          <p className="small" dir="auto">
            {excerpt}
          </p>
        )}
      </div>
      <a
        className="button"
        href={`/api/conversations/${id}/export?format=markdown`}
        download
        aria-label={t('exportOne', { title })}
      >
        <Download className="icon" aria-hidden="true" /> {t('exportSave')}
      </a>
      <DeleteStep label={t('delete')} name={t('deleteOne', { title })} onDelete={onDelete} />
    </li>
  );
}
