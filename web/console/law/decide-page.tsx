import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import type { DecisionChain, DecisionGrid, DecisionWish } from '../../../src/api/schema.ts';
import { callApi } from '../../shared/api/call-api.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { PageHeading } from '../../shared/shell/page-heading.tsx';
import { useConsole } from '../use-console.ts';
import { DecisionChainView } from './decision-chain.tsx';
import { FactSelect } from './fact-select.tsx';
import { LawState } from './law-state.tsx';

const STILL_MS = 60_000;

function factsOfAddress(): DecisionWish {
  const asked = new URLSearchParams(location.search);
  return {
    tenant: asked.get('tenant') ?? '',
    purpose: asked.get('purpose') ?? '',
    level: asked.get('level') ?? '',
    caveats: (asked.get('caveats') ?? '').split(',').filter(Boolean),
    model: asked.get('model') ?? 'auto',
    mode: asked.get('mode') === 'quoted' ? 'quoted' : 'chat',
  };
}

/** Any facts, decided by the charter in force: nothing is sent, nothing is recorded. */
export function DecidePage() {
  const { t } = useMessages('law');
  const [wish, setWish] = useState(factsOfAddress);
  const grid = useConsole<DecisionGrid>('grid', STILL_MS);
  const decide = useMutation({
    mutationFn: (body: DecisionWish) => callApi<DecisionChain>('/api/console/decide', { method: 'POST', body }),
  });
  const { mutate } = decide;
  // Facts that came with the address are decided at once.
  useEffect(() => {
    const given = factsOfAddress();
    if (given.purpose !== '' && given.level !== '') mutate(given);
  }, [mutate]);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    mutate(complete(wish, grid.data));
  };
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('decide')} />
      </header>
      <p className="section-lead">{t('decideLead')}</p>
      {grid.data === undefined ? (
        <LawState error={grid.error} />
      ) : (
        <form className="fact-form no-print" onSubmit={onSubmit}>
          <FactFields wish={complete(wish, grid.data)} grid={grid.data} onWish={setWish} />
          <button type="submit" className="button first">
            {t('decideNow')}
          </button>
        </form>
      )}
      {decide.error === null ? null : <LawState error={decide.error} />}
      {decide.data === undefined ? null : <DecisionChainView chain={decide.data} />}
    </>
  );
}

/** What was not chosen is the first that there is. */
function complete(wish: DecisionWish, grid: DecisionGrid | undefined): DecisionWish {
  return {
    ...wish,
    tenant: wish.tenant || (grid?.tenants[0] ?? ''),
    purpose: wish.purpose || (grid?.purposes[0] ?? ''),
    level: wish.level || (grid?.rows[0]?.level ?? ''),
  };
}

interface FactFieldsProps {
  readonly wish: DecisionWish;
  readonly grid: DecisionGrid;
  onWish(wish: DecisionWish): void;
}

function FactFields({ wish, grid, onWish }: FactFieldsProps) {
  const { t } = useMessages('law');
  const levels = [...new Set(grid.rows.map(({ level }) => level))];
  const caveats = [...new Set(grid.rows.flatMap((row) => row.caveats))];
  const tenants = useTenants();
  const models = ['auto', ...grid.models];
  const toggle = (caveat: string) =>
    onWish({
      ...wish,
      caveats: wish.caveats.includes(caveat) ? wish.caveats.filter((one) => one !== caveat) : [...wish.caveats, caveat],
    });
  return (
    <>
      <FactSelect
        name={t('tenant')}
        value={wish.tenant}
        values={tenants}
        onValue={(tenant) => onWish({ ...wish, tenant })}
      />
      <FactSelect
        name={t('purpose')}
        value={wish.purpose}
        values={grid.purposes}
        onValue={(purpose) => onWish({ ...wish, purpose })}
      />
      <FactSelect
        name={t('level')}
        value={wish.level}
        values={levels}
        onValue={(level) => onWish({ ...wish, level })}
      />
      <fieldset className="field">
        <legend>{t('caveats')}</legend>
        <div className="row">
          {caveats.map((caveat) => (
            <label key={caveat} className="choice">
              <input type="checkbox" checked={wish.caveats.includes(caveat)} onChange={() => toggle(caveat)} />
              {caveat}
            </label>
          ))}
        </div>
      </fieldset>
      <label className="field">
        <span className="label">{t('mode')}</span>
        <select
          value={wish.mode}
          onChange={(event) => onWish({ ...wish, mode: event.target.value === 'quoted' ? 'quoted' : 'chat' })}
        >
          <option value="chat">{t('chat')}</option>
          <option value="quoted">{t('quoted')}</option>
        </select>
      </label>
      {wish.mode === 'chat' ? (
        <FactSelect
          name={t('model')}
          value={wish.model}
          values={models}
          onValue={(model) => onWish({ ...wish, model })}
        />
      ) : null}
    </>
  );
}

function useTenants(): readonly string[] {
  const { data } = useConsole<{ tenants: readonly { id: string }[] }>('tenants', STILL_MS);
  return data?.tenants.map(({ id }) => id) ?? [];
}
