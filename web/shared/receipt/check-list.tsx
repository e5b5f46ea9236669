import { useMessages } from '../i18n/language.tsx';
import { StateShape } from '../marks/state-shape.tsx';
import { brokenCheck, type ReceiptFinding } from './check-receipt.ts';

const names = {
  statement: 'Statement',
  leaf: 'Leaf',
  signature: 'Signature',
  content: 'Content',
  log: 'Log',
  witnesses: 'Witnesses',
} as const;

type CheckName = keyof typeof names;

/** Each check in words, in order; after one that fails the others are named as not done. */
export function CheckList({ finding }: { readonly finding: ReceiptFinding }) {
  const { t } = useMessages('receipt');
  const done = new Map(finding.checks.map((check) => [check.name, check]));
  if (done.size === 0) return null;
  return (
    <section className="receipt-checks">
      <h4>{t('checks')}</h4>
      <ul>
        {(Object.keys(names) as CheckName[]).map((name) => (
          <OneCheck key={name} name={name} check={done.get(name)} isCompared={finding.isCompared} />
        ))}
      </ul>
      <p className="hint">{t('took', { ms: Math.max(1, Math.round(finding.tookMs)) })}</p>
    </section>
  );
}

interface OneCheckProps {
  readonly name: CheckName;
  readonly check: ReceiptFinding['checks'][number] | undefined;
  readonly isCompared: boolean;
}

function OneCheck({ name, check, isCompared }: OneCheckProps) {
  const { t } = useMessages('receipt');
  const holds = t(`check${names[name]}`);
  if (check === undefined) return <Line kind="waits" text={t('notChecked', { what: holds })} />;
  if (name === 'content' && check.holds && !isCompared) return <Line kind="waits" text={t('notCompared')} />;
  if (check.holds) return <Line kind="verified" text={holds} tookMs={check.tookMs} />;
  if (check.waits && (name === 'log' || name === 'witnesses'))
    return <Line kind="waits" text={t(`wait${names[name]}`)} />;
  return <Line kind="fails" text={t(`fail${names[name]}`)} tookMs={check.tookMs} />;
}

interface LineProps {
  readonly kind: 'verified' | 'waits' | 'fails';
  readonly text: string;
  readonly tookMs?: number | undefined;
}

function Line({ kind, text, tookMs }: LineProps) {
  const { t } = useMessages('receipt');
  return (
    <li className={`check check-${kind}`}>
      <StateShape kind={kind} /> <span>{text}</span>
      {tookMs === undefined ? null : <span className="figures quiet">{t('oneTook', { ms: tookMs.toFixed(1) })}</span>}
    </li>
  );
}

/** The check that failed in words, or null. */
export function useBrokenStep(finding: ReceiptFinding): string | null {
  const { t } = useMessages('receipt');
  const broken = brokenCheck(finding);
  return broken === null || !(broken in names) ? null : t(`fail${names[broken as CheckName]}`);
}
