import { Download } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useMessages } from '../shared/i18n/language.tsx';
import { saveCsv } from './save-csv.ts';

export interface Column<Row> {
  readonly id: string;
  readonly name: string;
  readonly isNumber?: boolean;
  /** For sorting, filtering and CSV. */
  value(row: Row): string | number;
  /** In the CSV, where that must not be the value that sorts. */
  csv?(row: Row): string | number;
  show?(row: Row): ReactNode;
}

interface DataTableProps<Row> {
  /** Of the file and the region that scrolls. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  rowKey(row: Row): string;
  /** Said when there are no rows at all. */
  readonly empty: string;
  /** Address of the whole table as CSV, where the page has only a part of it. */
  readonly csv?: string;
}

interface Order {
  readonly column: string;
  readonly isDescending: boolean;
}

/** A table that sorts by its headers, filters by words and saves what it shows as CSV. */
export function DataTable<Row>({ name, columns, rows, rowKey, empty, csv }: DataTableProps<Row>) {
  const { t } = useMessages('console');
  const [order, setOrder] = useState<Order | null>(null);
  const [words, setWords] = useState('');
  const shown = useMemo(() => sorted(filtered(rows, columns, words), columns, order), [rows, columns, words, order]);
  if (rows.length === 0) return <p>{empty}</p>;
  return (
    <>
      <div className="row table-tools no-print">
        <label className="field">
          <span className="hint">{t('filter')}</span>
          <input type="search" value={words} onChange={(event) => setWords(event.target.value)} />
        </label>
        {csv === undefined ? (
          <button type="button" className="button" onClick={() => saveCsv(name, columns, shown)}>
            <Download className="icon" aria-hidden="true" /> {t('csv')}
          </button>
        ) : (
          <a className="button" href={csv} download>
            <Download className="icon" aria-hidden="true" /> {t('csv')}
          </a>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label={name}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.id} column={column} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column) => (
                  <td key={column.id} className={column.isNumber ? 'number' : undefined}>
                    {column.show?.(row) ?? column.value(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

interface HeaderCellProps<Row> {
  readonly column: Column<Row>;
  readonly order: Order | null;
  onOrder(order: Order): void;
}

function HeaderCell<Row>({ column, order, onOrder }: HeaderCellProps<Row>) {
  const isSorted = order?.column === column.id;
  const direction = isSorted ? (order.isDescending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" aria-sort={direction} className={column.isNumber ? 'number' : undefined}>
      <button
        type="button"
        className="sort"
        onClick={() => onOrder({ column: column.id, isDescending: isSorted && !order.isDescending })}
      >
        {column.name} <span aria-hidden="true">{isSorted ? (order.isDescending ? '↓' : '↑') : ''}</span>
      </button>
    </th>
  );
}

function filtered<Row>(rows: readonly Row[], columns: readonly Column<Row>[], words: string): readonly Row[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter((row) => {
    const text = columns
      .map((column) => String(column.value(row)))
      .join(' ')
      .toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order | null): readonly Row[] {
  const column = columns.find(({ id }) => id === order?.column);
  if (column === undefined || order === null) return rows;
  const sign = order.isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(column.value(a), column.value(b)));
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), undefined, { numeric: true });
}
