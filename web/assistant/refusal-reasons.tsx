import type { Refusal, TurnView } from '../../src/assistant/schema.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useLocalText, useMessages } from '../shared/i18n/language.tsx';
import { Where } from '../shared/marks/jurisdiction-mark.tsx';
import { State } from '../shared/marks/state-shape.tsx';
import { KindLine } from './kind-line.tsx';

/** A refusal as calm as an answer: the clause, what it was decided on, and ways on. */
export function RefusalReasons({ turn }: { readonly turn: TurnView }) {
  const { t } = useMessages('assistant');
  const { refusal } = turn;
  return (
    <>
      <KindLine message="kindRefused" icon="refused" />
      {refusal === null ? null : <Clauses refusal={refusal} />}
      <h3>{t('youCan')}</h3>
      <WaysOn />
    </>
  );
}

function Clauses({ refusal }: { readonly refusal: Refusal }) {
  const { t } = useMessages('assistant');
  const local = useLocalText();
  return (
    <>
      {refusal.clauses.map(({ id, name, legalBasis, sentence }) => (
        <section key={id} className="passage">
          <blockquote>
            <p className="verbatim" dir="auto">
              {local(sentence) || name}
            </p>
          </blockquote>
          <div className="passage-side">
            <b>{name}</b>
            <p>{t('legalBasis', { basis: legalBasis })}</p>
          </div>
        </section>
      ))}
      <dl className="pairs refusal-facts">
        <dt>{t('dataClass')}</dt>
        <dd>{refusal.classification}</dd>
        {refusal.considered.map(({ backend, allowed, clauses }) => (
          <BackendVerdict key={backend} backend={backend} allowed={allowed} clauses={clauses} />
        ))}
      </dl>
    </>
  );
}

function BackendVerdict({ backend, allowed, clauses }: Refusal['considered'][number]) {
  const { t } = useMessages('assistant');
  return (
    <>
      <dt>{t('backend', { id: backend })}</dt>
      <dd>
        {allowed ? (
          <State kind="holds">{t('allowed')}</State>
        ) : (
          <Where place="not-sent">{t('forbidden', { clause: clauses.join(', ') })}</Where>
        )}
      </dd>
    </>
  );
}

function WaysOn() {
  const { t, rich } = useMessages('assistant');
  const local = useLocalText();
  const office = useDescription()?.office;
  const link = (inner: React.ReactNode) => <a href={office?.link}>{inner}</a>;
  return (
    <ol className="ways">
      <li>{t('canRephrase')}</li>
      <li>{rich('canOffice', { office: local(office?.name) }, { office: link })}</li>
    </ol>
  );
}
