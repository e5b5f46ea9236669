import type { ReactNode } from 'react';
import { useDescription } from '../api/use-description.ts';
import { useMessages } from '../i18n/language.tsx';
import { useFormats } from '../i18n/use-formats.ts';
import { Where } from '../marks/jurisdiction-mark.tsx';
import { type Predicate, shortDigest } from './describe-receipt.ts';
import type { AnswerKind } from './receipt-strip.tsx';

interface GroupsProps {
  readonly predicate: Predicate;
  readonly kind: AnswerKind;
}

/** Where it ran, where the data went, which law applied, whose words, who looked, what it took. */
export function ReceiptGroups({ predicate, kind }: GroupsProps) {
  return (
    <div className="receipt-groups">
      <WhereItRan predicate={predicate} />
      <WhereDataWent predicate={predicate} />
      <WhichLaw predicate={predicate} />
      <WhoseWords kind={kind} />
      <WhoLooked />
      <WhatItTook predicate={predicate} />
    </div>
  );
}

type Pair = readonly [term: string, value: ReactNode];

function Group({ title, pairs }: { readonly title: string; readonly pairs: readonly Pair[] }) {
  return (
    <section>
      <h4>{title}</h4>
      <dl className="pairs">
        {pairs.map(([term, value]) => (
          <PairRow key={term} term={term} value={value} />
        ))}
      </dl>
    </section>
  );
}

function PairRow({ term, value }: { readonly term: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </>
  );
}

type OfReceipt = Pick<GroupsProps, 'predicate'>;

function WhereItRan({ predicate: { backend, model } }: OfReceipt) {
  const { t } = useMessages('receipt');
  const { regionName } = useFormats();
  const country = useDescription()?.country.code;
  if (backend === null) return <Group title={t('whereRan')} pairs={[[t('place'), t('notRun')]]} />;
  const place = backend.jurisdiction === country ? 'in-country' : 'abroad';
  const law = regionName(backend.operatorJurisdiction);
  const pairs: Pair[] = [
    [t('place'), <Where key="place" place={place}>{`${backend.site}, ${regionName(backend.jurisdiction)}`}</Where>],
    [t('operator'), t('underLaw', { operator: backend.operator, law })],
    [t('model'), model?.id ?? t('none')],
  ];
  if (model?.sha256 != null) pairs.push([t('weights'), <code key="weights">{shortDigest(model.sha256)}</code>]);
  return <Group title={t('whereRan')} pairs={pairs} />;
}

function WhereDataWent({ predicate: { backend, classification } }: OfReceipt) {
  const { t } = useMessages('receipt');
  const { regionName } = useFormats();
  const description = useDescription();
  const isHome = backend === null || backend.jurisdiction === description?.country.code;
  return (
    <Group
      title={t('whereData')}
      pairs={[
        [t('class'), [classification.level, ...classification.caveats].join('; ')],
        [t('abroad'), isHome ? t('nothingLeft') : t('wentTo', { country: regionName(backend.jurisdiction) })],
        [t('keptFor'), t('keptText', { days: description?.keepDays ?? '…' })],
      ]}
    />
  );
}

function WhichLaw({ predicate: { policy, purpose, charter } }: OfReceipt) {
  const { t } = useMessages('receipt');
  const all = policy.considered.length;
  const allowed = policy.considered.filter((one) => one.allowed).length;
  return (
    <Group
      title={t('whichLaw')}
      pairs={[
        [t('clause'), policy.clauses.join(', ')],
        [t('purpose'), `${purpose.id}, ${purpose.legalBasis}`],
        [t('decision'), policy.outcome === 'allowed' ? t('allowedOf', { allowed, all }) : t('denied', { all })],
        [t('charter'), <code key="charter">{shortDigest(charter.digest)}</code>],
      ]}
    />
  );
}

const words = { quoted: 'wordsQuoted', chat: 'wordsChat', refused: 'wordsRefused' } as const;

function WhoseWords({ kind }: Pick<GroupsProps, 'kind'>) {
  const { t } = useMessages('receipt');
  return (
    <Group
      title={t('whoseWords')}
      pairs={[
        [t('source'), t(words[kind])],
        [t('pack'), t('none')],
      ]}
    />
  );
}

function WhoLooked() {
  const { t } = useMessages('receipt');
  return <Group title={t('whoLooked')} pairs={[[t('people'), t('notRecorded')]]} />;
}

const endings = {
  complete: 'endComplete',
  refused: 'endRefused',
  failed: 'endFailed',
  unfinished: 'endUnfinished',
} as const;

function WhatItTook({ predicate: { endedAt, usage, ended } }: OfReceipt) {
  const { t } = useMessages('receipt');
  const { moment, number } = useFormats();
  const tokens = t('tokens', { in: number(usage.promptTokens), out: number(usage.completionTokens) });
  return (
    <Group
      title={t('whatTook')}
      pairs={[
        [t('time'), moment(endedAt)],
        [t('ended'), t(endings[ended])],
        [t('text'), tokens],
        [t('energy'), t('notMeasured')],
      ]}
    />
  );
}
