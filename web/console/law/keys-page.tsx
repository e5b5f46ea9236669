import './law.css';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeysView, TenantView } from '../../../src/api/schema.ts';
import { callApi } from '../../shared/api/call-api.ts';
import { useLocalText, useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { State } from '../../shared/marks/state-shape.tsx';
import { PageHeading } from '../../shared/shell/page-heading.tsx';
import { type Column, DataTable } from '../data-table.tsx';
import { useConsole } from '../use-console.ts';
import { LawState } from './law-state.tsx';
import { NewKeyForm } from './new-key-form.tsx';
import { type Budgets, type LimitKind, OwnBudget, shareIn, useTightest } from './own-budget.tsx';
import { RevokeStep } from './revoke-step.tsx';

type Key = KeysView['keys'][number];

/** Who may ask: keys, and the tenants of the charter that they belong to. */
export function KeysPage() {
  const { t } = useMessages('law');
  const client = useQueryClient();
  const [fault, setFault] = useState<Error | null>(null);
  const keys = useConsole<KeysView>('keys');
  const tenants = useConsole<{ tenants: readonly TenantView[] }>('tenants');
  const refresh = () => client.invalidateQueries({ queryKey: ['console'] });
  const revoke = async (id: string) => {
    try {
      await callApi(`/api/console/keys/${id}`, { method: 'DELETE' });
      await refresh();
    } catch (cause) {
      setFault(cause as Error);
    }
  };
  const tight = useTightest();
  const keyColumns = useKeyColumns(revoke, tight);
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('keysTitle')} />
        <a className="button no-print" href="#new-key">
          {t('toNewKey')}
        </a>
      </header>
      {fault === null ? null : <LawState error={fault} />}
      <section className="section">
        <h2>{t('keys')}</h2>
        {keys.data === undefined ? (
          <LawState error={keys.error} />
        ) : (
          <DataTable
            name="keys"
            columns={keyColumns}
            rows={keys.data.keys}
            rowKey={({ id }) => id}
            empty={t('noKeys')}
          />
        )}
      </section>
      <section className="section no-print" id="new-key" tabIndex={-1}>
        <h2>{t('newKey')}</h2>
        <NewKeyForm tenants={tenants.data?.tenants ?? []} onMade={() => void refresh()} />
      </section>
      <Tenants tenants={tenants.data?.tenants} error={tenants.error} budgets={tight} />
    </>
  );
}

interface TenantsProps {
  readonly tenants: readonly TenantView[] | undefined;
  readonly error: Error | null;
  readonly budgets: Budgets;
}

function Tenants({ tenants, error, budgets }: TenantsProps) {
  const { t } = useMessages('law');
  const columns = useTenantColumns(budgets);
  return (
    <section className="section">
      <h2>{t('tenants')}</h2>
      {tenants === undefined ? (
        <LawState error={error} />
      ) : (
        <DataTable name="tenants" columns={columns} rows={tenants} rowKey={({ id }) => id} empty={t('none')} />
      )}
    </section>
  );
}

function stateOf({ revokedAtMs, expiresAtMs }: Key): 'live' | 'revoked' | 'expired' {
  if (revokedAtMs !== null) return 'revoked';
  return expiresAtMs !== null && expiresAtMs < Date.now() ? 'expired' : 'live';
}

function useKeyColumns(onRevoke: (id: string) => Promise<void>, budgets: Budgets): Column<Key>[] {
  const { t } = useMessages('law');
  const { shortDate } = useFormats();
  return [
    {
      id: 'name',
      name: t('name'),
      value: ({ name, id }) => `${name} ${id}`,
      show: ({ name, id }) => (
        <>
          <b className="label name-cell" dir="auto">
            {name}
          </b>
          <code>{id}</code>
        </>
      ),
    },
    { id: 'tenant', name: t('tenant'), value: ({ tenant }) => tenant },
    { id: 'project', name: t('project'), value: ({ project }) => project ?? '', show: ({ project }) => project ?? '–' },
    { id: 'purposes', name: t('purposes'), value: ({ purposes }) => purposes.join(', ') },
    { id: 'role', name: t('role'), value: ({ role }) => role },
    {
      id: 'budget',
      name: t('budget'),
      value: ({ id }) => shareIn(budgets, `key:${id}`),
      csv: ({ limits }) => JSON.stringify(limits),
      show: ({ id }) => <OwnBudget budget={budgets.get(`key:${id}`)} group="key" />,
    },
    {
      id: 'created',
      name: t('created'),
      value: ({ createdAtMs }) => createdAtMs,
      csv: ({ createdAtMs }) => new Date(createdAtMs).toISOString(),
      show: ({ createdAtMs }) => shortDate(createdAtMs),
    },
    {
      id: 'expires',
      name: t('expires'),
      value: ({ expiresAtMs }) => expiresAtMs ?? Number.MAX_SAFE_INTEGER,
      csv: ({ expiresAtMs }) => (expiresAtMs === null ? '' : new Date(expiresAtMs).toISOString()),
      show: ({ expiresAtMs }) => (expiresAtMs === null ? t('never') : shortDate(expiresAtMs)),
    },
    {
      id: 'state',
      name: t('status'),
      value: (key) => t(stateOf(key)),
      show: (key) =>
        stateOf(key) === 'live' ? (
          <RevokeStep name={key.name} onRevoke={() => onRevoke(key.id)} />
        ) : (
          <State kind="idle">{t(stateOf(key))}</State>
        ),
    },
  ];
}

function useTenantColumns(budgets: Budgets): Column<TenantView>[] {
  const { t } = useMessages('law');
  const { t: tUsage } = useMessages('usage');
  const { amount } = useFormats();
  const local = useLocalText();
  return [
    { id: 'name', name: t('name'), value: ({ name }) => local(name) },
    { id: 'kind', name: t('kind'), value: ({ kind }) => kind },
    { id: 'purposes', name: t('purposes'), value: ({ purposes }) => purposes.join(', ') },
    {
      id: 'clearance',
      name: t('clearance'),
      value: ({ clearance }) => [clearance.level, ...clearance.caveats].join('; '),
    },
    {
      id: 'limits',
      name: t('limits'),
      value: ({ limits }) =>
        Object.entries(limits)
          .map(([name, value]) => `${tUsage(name as LimitKind)} ${amount(value)}`)
          .join(', '),
    },
    {
      id: 'budget',
      name: t('budget'),
      value: ({ id }) => shareIn(budgets, `tenant:${id}`),
      show: ({ id }) => <OwnBudget budget={budgets.get(`tenant:${id}`)} group="tenant" />,
    },
    { id: 'keys', name: t('keyCount'), isNumber: true, value: ({ keys }) => keys },
  ];
}
