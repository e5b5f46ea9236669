import type { UsageGroup, UsageRow } from '../../../src/record/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { type Column, DataTable } from '../data-table.tsx';
import type { Names } from './owner-name.tsx';
import { useAmounts } from './use-amounts.ts';

interface UsageTableProps {
  readonly rows: readonly UsageRow[];
  readonly group: UsageGroup;
  /** Of keys, by id. */
  readonly keys: Names['keys'];
  /** Address of everything told apart. */
  readonly csv: string;
}

const counts = ['requests', 'retries', 'refused', 'failed', 'tokensIn', 'tokensOut'] as const;

export function UsageTable({ rows, group, keys, csv }: UsageTableProps) {
  const { t } = useMessages('usage');
  const { number } = useFormats();
  const { energy, co2, money } = useAmounts();
  const nameOf = (row: UsageRow) => (group === 'key' ? keys.get(row.group.key ?? '') : undefined);
  const columns: Column<UsageRow>[] = [
    {
      id: group,
      name: t(group),
      value: (row) => `${nameOf(row) ?? ''} ${row.group[group] ?? ''}`,
      show: (row) => (
        <span className="name-cell">
          <b className="label" dir="auto">
            {nameOf(row) ?? (row.group[group] || t('nobody'))}
          </b>
          {nameOf(row) === undefined ? null : (
            <>
              <br />
              <code>{row.group[group]}</code>
            </>
          )}
        </span>
      ),
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
      show: ({ moneyMicros, currency }) => money(moneyMicros, currency),
    },
    {
      id: 'energy',
      name: t('energy'),
      isNumber: true,
      value: ({ energyMicroWh }) => energyMicroWh / 1e6,
      show: (row) => energy([row]),
    },
    {
      id: 'co2',
      name: t('co2'),
      isNumber: true,
      value: ({ co2MicroGrams }) => co2MicroGrams / 1e6,
      show: (row) => co2([row]),
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
