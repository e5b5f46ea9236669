import type { BudgetView } from '../../../src/api/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { State } from '../../shared/marks/state-shape.tsx';
import { type Column, DataTable } from '../data-table.tsx';

/** From here on somebody should look. */
const NEAR_SHARE = 0.8;

/** Every limit in force, with how much of it is gone. */
export function BudgetsTable({ budgets }: { readonly budgets: readonly BudgetView[] }) {
  const { t } = useMessages('usage');
  const { number, date } = useFormats();
  const columns: Column<BudgetView>[] = [
    {
      id: 'owner',
      name: t('owner'),
      value: ({ owner }) => owner,
      show: ({ owner }) => <b className="label">{owner}</b>,
    },
    { id: 'kind', name: t('limitKind'), value: ({ kind }) => kind },
    { id: 'limit', name: t('limit'), isNumber: true, value: ({ limit }) => limit, show: ({ limit }) => number(limit) },
    {
      id: 'used',
      name: t('used'),
      isNumber: true,
      value: ({ used }) => used ?? -1,
      show: ({ used }) => (used === null ? '–' : number(used)),
    },
    {
      id: 'left',
      name: t('left'),
      isNumber: true,
      value: ({ left }) => left ?? -1,
      show: ({ left }) => (left === null ? '–' : number(left)),
    },
    {
      id: 'state',
      name: t('state'),
      value: (budget) => shareOf(budget) ?? -1,
      show: (budget) => <BudgetState budget={budget} />,
    },
    {
      id: 'resets',
      name: t('resets'),
      value: ({ resetsAt }) => resetsAt ?? '',
      show: ({ resetsAt }) => (resetsAt === null ? '–' : date(resetsAt)),
    },
  ];
  return (
    <DataTable
      name="budgets"
      columns={columns}
      rows={budgets}
      rowKey={({ owner, kind }) => `${owner} ${kind}`}
      empty={t('noBudgets')}
    />
  );
}

function shareOf({ used, limit }: BudgetView): number | null {
  if (used === null) return null;
  return limit === 0 ? 1 : used / limit;
}

/** Never by colour alone: the words say it too. */
function BudgetState({ budget }: { readonly budget: BudgetView }) {
  const { t } = useMessages('usage');
  const share = shareOf(budget);
  if (share === null) return <span className="quiet">{t('inMemory')}</span>;
  if (share >= 1) return <State kind="fails">{t('usedUp')}</State>;
  const percent = t('percentUsed', { n: Math.round(share * 100) });
  return <State kind={share >= NEAR_SHARE ? 'limited' : 'holds'}>{percent}</State>;
}
