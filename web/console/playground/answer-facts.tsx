import { Link } from 'wouter';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { Where } from '../../shared/marks/jurisdiction-mark.tsx';
import { useReceipt } from '../../shared/receipt/use-receipt.ts';
import type { Column } from './use-columns.ts';

/** What one answer took: times, tokens, and from its receipt where it ran and what it cost. */
export function AnswerFacts({ column }: { readonly column: Column }) {
  const { t } = useMessages('playground');
  const { number } = useFormats();
  const { firstMs, totalMs, usage, finish, receiptId, state } = column;
  const seconds = (ms: number) => t('seconds', { n: (ms / 1000).toFixed(2) });
  const writingMs = firstMs === null || totalMs === null ? 0 : totalMs - firstMs;
  return (
    <dl className="pairs answer-facts">
      <dt>{t('firstToken')}</dt>
      <dd>{firstMs === null ? '–' : seconds(firstMs)}</dd>
      <dt>{t('total')}</dt>
      <dd>{totalMs === null ? '–' : seconds(totalMs)}</dd>
      <dt>{t('tokens')}</dt>
      <dd>
        {usage === null
          ? '–'
          : t('tokensInOut', { input: number(usage.prompt_tokens), output: number(usage.completion_tokens) })}
      </dd>
      <dt>{t('speed')}</dt>
      <dd>{usage === null || writingMs <= 0 ? '–' : (usage.completion_tokens / (writingMs / 1000)).toFixed(1)}</dd>
      <dt>{t('finish')}</dt>
      <dd>{finish ?? '–'}</dd>
      {receiptId === null || state === 'running' ? null : <Signed receiptId={receiptId} />}
    </dl>
  );
}

interface Statement {
  readonly predicate: {
    readonly backend: { readonly id: string; readonly site: string; readonly jurisdiction: string } | null;
    readonly spent: { readonly moneyMicros: number; readonly currency: string };
  };
}

/** From the signed statement, not from what a page may claim. */
function Signed({ receiptId }: { readonly receiptId: string }) {
  const { t } = useMessages('playground');
  const { regionName } = useFormats();
  const { data } = useReceipt(receiptId);
  const statement = data?.statement ? readStatement(data.statement.payload) : null;
  if (statement === null) return null;
  const { backend, spent } = statement.predicate;
  return (
    <>
      <dt>{t('ranAt')}</dt>
      <dd>
        {backend === null ? (
          <Where place="not-sent">{t('nowhere')}</Where>
        ) : (
          <>
            {backend.id}, {backend.site}, {regionName(backend.jurisdiction)}
          </>
        )}
      </dd>
      <dt>{t('cost')}</dt>
      <dd>{`${(spent.moneyMicros / 1e6).toFixed(6)} ${spent.currency}`}</dd>
      {data?.log && data.index ? (
        <>
          <dt>{t('receipt')}</dt>
          <dd>
            <Link href={`/console/entries/${data.log}/${data.index}`}>{t('entry', { n: data.index })}</Link>
          </dd>
        </>
      ) : null}
    </>
  );
}

function readStatement(payload: string): Statement | null {
  try {
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Statement;
  } catch {
    return null;
  }
}
