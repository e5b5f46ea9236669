import './law.css';
import { Download } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { DecisionGrid, PolicyView } from '../../../src/api/schema.ts';
import { useLocalText, useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { Where } from '../../shared/marks/jurisdiction-mark.tsx';
import { PageHeading } from '../../shared/shell/page-heading.tsx';
import { saveCsv } from '../save-csv.ts';
import { useConsole } from '../use-console.ts';
import { FactSelect } from './fact-select.tsx';
import { LawState } from './law-state.tsx';

const STILL_MS = 60_000;

/** Each class of data against each backend, as the law in force decides. */
export function GridPage() {
  const { t } = useMessages('law');
  const [purpose, setPurpose] = useState('');
  const [tenant, setTenant] = useState('');
  const [opened, setOpened] = useState<readonly string[]>([]);
  const { data, error } = useConsole<DecisionGrid>(`grid?purpose=${purpose}&tenant=${tenant}`, STILL_MS);
  const choosePurpose = (value: string) => {
    setPurpose(value);
    setTenant('');
  };
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('grid')} />
        {data === undefined ? null : (
          <button type="button" className="button no-print" onClick={() => saveGrid(data, t('class'))}>
            <Download className="icon" aria-hidden="true" /> {t('csv')}
          </button>
        )}
      </header>
      <p className="section-lead">{t('gridLead')}</p>
      {data === undefined ? (
        <LawState error={error} />
      ) : (
        <>
          <div className="row filters no-print">
            <FactSelect name={t('purpose')} value={data.purpose} values={data.purposes} onValue={choosePurpose} />
            <FactSelect name={t('tenant')} value={data.tenant} values={data.tenants} onValue={setTenant} />
          </div>
          <Grid grid={data} onOpen={setOpened} />
          <Legend />
          <OpenedClauses ids={opened} />
        </>
      )}
    </>
  );
}

/** One line for each class; in each column the clause that forbids, or `yes`. */
function saveGrid({ backends, rows }: DecisionGrid, classTitle: string): void {
  type Row = DecisionGrid['rows'][number];
  const columns = [
    { name: classTitle, value: ({ level, caveats }: Row) => [level, ...caveats].join('; ') },
    ...backends.map(({ id }, column) => ({
      name: id,
      value: ({ cells }: Row) => (cells[column]?.allowed ? 'yes' : (cells[column]?.clauses.join(', ') ?? '')),
    })),
  ];
  saveCsv('grid', columns, rows);
}

interface GridProps {
  readonly grid: DecisionGrid;
  onOpen(clauses: readonly string[]): void;
}

/** One tab stop; arrows, Home and End move, Enter opens the clause. */
function Grid({ grid, onOpen }: GridProps) {
  const { t } = useMessages('law');
  const { regionName } = useFormats();
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const move = (row: number, column: number) => {
    const next = {
      row: Math.min(grid.rows.length - 1, Math.max(0, row)),
      column: Math.min(grid.backends.length - 1, Math.max(0, column)),
    };
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.row} ${next.column}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { row, column } = at;
    const onward = document.documentElement.dir === 'rtl' ? -1 : 1;
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      // Columns follow the direction of the text, so the arrows do too.
      ArrowLeft: [row, column - onward],
      ArrowRight: [row, column + onward],
      Home: [row, 0],
      End: [row, grid.backends.length - 1],
    };
    const step = steps[event.key];
    if (event.key === 'Enter') onOpen(grid.rows[row]?.cells[column]?.clauses ?? []);
    if (step === undefined) return;
    event.preventDefault();
    move(...step);
  };
  return (
    <div className="scroll grid-scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid moves by arrows, a table does not */}
      <table ref={table} role="grid" className="grid" aria-label={t('grid')} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">{t('class')}</th>
            {grid.backends.map(({ id, jurisdiction }) => (
              <th key={id} scope="col">
                <b>{id}</b>
                <br />
                {regionName(jurisdiction)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((row, rowAt) => (
            <tr key={`${row.level} ${row.caveats.join()}`}>
              <th scope="row">
                {row.level} <span className="quiet">{row.caveats.join('; ')}</span>
              </th>
              {row.cells.map((cell, columnAt) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself takes the keys
                <td
                  key={grid.backends[columnAt]?.id}
                  // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: part of the grid
                  role="gridcell"
                  data-cell={`${rowAt} ${columnAt}`}
                  tabIndex={rowAt === at.row && columnAt === at.column ? 0 : -1}
                  className={cell.allowed ? undefined : 'forbidden'}
                  onFocus={() => setAt({ row: rowAt, column: columnAt })}
                  onClick={() => onOpen(cell.clauses)}
                >
                  <CellWord cell={cell} inCountry={grid.backends[columnAt]?.inCountry ?? false} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellWordProps {
  readonly cell: DecisionGrid['rows'][number]['cells'][number];
  readonly inCountry: boolean;
}

function CellWord({ cell, inCountry }: CellWordProps) {
  const { t } = useMessages('law');
  if (cell.allowed) return <Where place={inCountry ? 'in-country' : 'abroad'}>{t('yes')}</Where>;
  return <Where place="not-sent">{cell.clauses[0] ?? ''}</Where>;
}

function Legend() {
  const { t } = useMessages('law');
  return (
    <p className="row legend">
      <span>
        <Where place="in-country">{t('yes')}</Where> {t('legendYes')}
      </span>
      <span>
        <Where place="abroad">{t('yes')}</Where> {t('legendAway')}
      </span>
      <span>
        <Where place="not-sent">{t('clause')}</Where> {t('legendNo')}
      </span>
    </p>
  );
}

function OpenedClauses({ ids }: { readonly ids: readonly string[] }) {
  const { t } = useMessages('law');
  const local = useLocalText();
  const { data } = useConsole<{ policies: readonly PolicyView[] }>('policies', STILL_MS);
  return (
    <div aria-live="polite">
      {ids.map((id) => {
        const policy = data?.policies.find((one) => one.id === id);
        return (
          <section key={id} className="clause">
            <p className="clause-id">{t('openedClause', { id })}</p>
            <p className="verbatim clause-sentence" dir="auto">
              {policy === undefined ? t('builtIn') : local(policy.sentence)}
            </p>
          </section>
        );
      })}
    </div>
  );
}
