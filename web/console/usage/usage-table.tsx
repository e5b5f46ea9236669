import type { UsageGroup, UsageRow } from '../../../src/record/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { type Column, DataTable } from '../data-table.tsx';

interface UsageTableProps {
  readonly rows: readonly UsageRow[];
  readonly group: UsageGroup;
  /** Address of everything told apart. */
  readonly csv: string;
}

const counts = ['requests', 'refused', 'failed', 'tokensIn', 'tokensOut'] as const;

export function UsageTable({ rows, group, csv }: UsageTableProps) {
  const { t } = useMessages('usage');
  const { number } = useFormats();
  const columns: Column<UsageRow>[] = [
    {
      id: group,
      name: t(group),
      value: (row) => row.group[group] ?? '',
      show: (row) => <b className="label">{row.group[group] || t('nobody')}</b>,
    },
    ...counts.map(
      (count): Column<UsageRow> => ({
        id: count,
        name: t(count),
        isNumber: true,
        value: (row) => row[count],
        show: (row) => number(row[count]),
      }),
    ),
    {
      id: 'money',
      name: t('money'),
      isNumber: true,
      value: ({ moneyMicros }) => moneyMicros / 1e6,
      show: ({ moneyMicros, currency }) => `${(moneyMicros / 1e6).toFixed(4)} ${currency}`,
    },
    {
      id: 'energy',
      name: t('energy'),
      isNumber: true,
      value: ({ energyMicroWh }) => energyMicroWh / 1e6,
      show: ({ energyMicroWh }) => t('wattHours', { n: (energyMicroWh / 1e6).toFixed(2) }),
    },
  ];
  return (
    <DataTable
      name="usage"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.group[group]} ${row.currency}`}
      empty={t('nothingUsed')}
      csv={csv}
    />
  );
}
