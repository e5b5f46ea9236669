import type { BudgetView } from '../../../src/api/schema.ts';
import type { Limits } from '../../../src/charter/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { type Column, DataTable } from '../data-table.tsx';
import { BudgetState, shareOf } from './budget-state.tsx';
import { type Names, OwnerName } from './owner-name.tsx';

type LimitKind = keyof Limits;

/** Of `2026-11-24`. */
const DAY_LENGTH = 10;

interface BudgetsTableProps {
  readonly budgets: readonly BudgetView[];
  readonly names: Names;
}

/** Every limit in force with how much of it is gone, the one that ends first before all others. */
export function BudgetsTable({ budgets, names }: BudgetsTableProps) {
  const { t } = useMessages('usage');
  const { amount, date } = useFormats();
  const inUnit = (value: number | null, unit: string | null) =>
    value === null ? '–' : [amount(value), unit].filter(Boolean).join('\u00a0');
  const columns: Column<BudgetView>[] = [
    {
      id: 'owner',
      name: t('owner'),
      // Its name too, so that the filter finds it.
      value: ({ owner }) => `${owner} ${names.keys.get(owner.slice('key:'.length)) ?? ''}`.trim(),
      csv: ({ owner }) => owner,
      show: ({ owner }) => <OwnerName owner={owner} names={names} />,
    },
    {
      id: 'kind',
      name: t('limitKind'),
      value: ({ kind }) => t(kind as LimitKind),
      csv: ({ kind }) => kind,
    },
    {
      id: 'limit',
      name: t('limit'),
      isNumber: true,
      value: ({ limit }) => limit,
      show: ({ limit, unit }) => inUnit(limit, unit),
    },
    {
      id: 'used',
      name: t('used'),
      isNumber: true,
      value: ({ used }) => used ?? -1,
      show: ({ used, unit }) => inUnit(used, unit),
    },
    {
      id: 'left',
      name: t('left'),
      isNumber: true,
      value: ({ left }) => left ?? -1,
      show: ({ left, unit }) => inUnit(left, unit),
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
      // Days and months begin at midnight of UTC.
      show: ({ resetsAt }) => (resetsAt === null ? '–' : date(resetsAt.slice(0, DAY_LENGTH))),
    },
  ];
  return (
    <DataTable
      name="budgets"
      columns={columns}
      rows={budgets.toSorted((a, b) => (shareOf(b) ?? -1) - (shareOf(a) ?? -1))}
      rowKey={({ owner, kind }) => `${owner} ${kind}`}
      empty={t('noBudgets')}
    />
  );
}
