import './law.css';
import type { Alternative, DecisionChain, SpokenClause } from '../../../src/api/schema.ts';
import { useLocalText, useMessages } from '../../shared/i18n/language.tsx';
import { JurisdictionMark, Where } from '../../shared/marks/jurisdiction-mark.tsx';
import { State } from '../../shared/marks/state-shape.tsx';

interface OfChain {
  readonly chain: DecisionChain;
}

/** Facts, the law in the order in which it was read, the outcome, and the single changes that would turn it. */
export function DecisionChainView({ chain }: OfChain) {
  const { t } = useMessages('law');
  const decisive = chain.clauses.findIndex(({ did }) => did === 'forbade');
  return (
    <>
      <section className="section">
        <h2>{t('facts')}</h2>
        <Facts chain={chain} />
      </section>
      <section className="section">
        <h2>{t('lawRead')}</h2>
        <p className="section-lead">{t('silent', { n: chain.silent })}</p>
        {chain.clauses.map((clause, position) => (
          <Clause
            key={clause.id}
            clause={clause}
            // The one red edge of the page.
            isDecisive={chain.outcome === 'denied' && position === decisive}
          />
        ))}
      </section>
      <Outcome chain={chain} />
    </>
  );
}

function Facts({ chain: { facts, considered } }: OfChain) {
  const { t } = useMessages('law');
  const columns = [
    [t('class'), [facts.level, ...facts.caveats].join('; ')],
    [t('purpose'), facts.purpose],
    [t('askedBy'), facts.tenant],
    [t('ableTo'), considered.map(({ backend }) => backend).join(', ') || t('noBackend')],
    [t('mode'), facts.mode === 'quoted' ? t('modeQuoted') : t('modeChat', { model: facts.model })],
  ];
  return (
    <dl className="facts">
      {columns.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const sets = { 'red-lines': 'redLines', law: 'ownLaw', 'built-in': 'builtIn' } as const;

function Clause({ clause, isDecisive }: { readonly clause: SpokenClause; readonly isDecisive: boolean }) {
  const { t } = useMessages('law');
  const local = useLocalText();
  const on = clause.on.join(', ');
  return (
    <article className={isDecisive ? 'clause decisive' : 'clause'}>
      <p className="clause-id">{clause.id}</p>
      <div>
        <p className="hint">
          {t(sets[clause.set])} · {clause.name}
        </p>
        <p className="verbatim clause-sentence" dir="auto">
          {local(clause.sentence) || clause.name}
        </p>
        <p className="hint">{clause.legalBasis}</p>
      </div>
      <div className="clause-side">
        <State kind={clause.did === 'forbade' ? 'fails' : 'holds'}>
          {t(clause.did === 'forbade' ? 'forbadeOn' : 'allowedOn', { on })}
        </State>
      </div>
    </article>
  );
}

function Outcome({ chain }: OfChain) {
  const { t } = useMessages('law');
  const allowed = chain.considered.filter((one) => one.allowed);
  const denied = chain.outcome === 'denied';
  const isHome = allowed.every(({ inCountry }) => inCountry);
  const place = denied ? 'not-sent' : isHome ? 'in-country' : 'abroad';
  return (
    <section className="section outcome">
      <JurisdictionMark place={place} size={28} />
      <div>
        <h2>{denied ? t('outcomeNo') : t('outcomeYes', { n: allowed.length })}</h2>
        <p className="quiet">{t('whatDiffers', { n: chain.tried })}</p>
        <ul className="alternatives">
          {chain.alternatives.map((one) => (
            <AlternativeRow key={`${one.fact} ${one.value}`} alternative={one} />
          ))}
          <li>
            <span>{t('anyOther')}</span>
            <Where place={place}>{t(denied ? 'stillRefused' : 'stillAllowed')}</Where>
          </li>
        </ul>
      </div>
    </section>
  );
}

const changes = {
  level: 'altLevel',
  caveat: 'altCaveat',
  purpose: 'altPurpose',
  tenant: 'altTenant',
  model: 'altModel',
} as const;

function AlternativeRow({ alternative }: { readonly alternative: Alternative }) {
  const { t } = useMessages('law');
  const { fact, value, outcome, inCountry } = alternative;
  const clause = alternative.clauses.join(', ');
  const place = outcome === 'denied' ? 'not-sent' : inCountry ? 'in-country' : 'abroad';
  const says = outcome === 'denied' ? 'altDenied' : inCountry ? 'altAllowedIn' : 'altAllowedOut';
  return (
    <li>
      <span>{t(changes[fact], { value })}</span>
      <Where place={place}>{t(says, { clause })}</Where>
    </li>
  );
}
