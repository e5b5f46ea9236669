import { CircleSlash, PenLine, TextQuote } from 'lucide-react';
import { useMessages } from '../shared/i18n/language.tsx';
import { JurisdictionMark } from '../shared/marks/jurisdiction-mark.tsx';

type KindMessage =
  | 'kindQuoted'
  | 'kindQuotedOther'
  | 'kindQuotedChosen'
  | 'kindChat'
  | 'kindRefused'
  | 'kindRunningQuoted'
  | 'kindRunningChat'
  | 'stopped'
  | 'unfinished'
  | 'failed'
  | 'failedRate'
  | 'failedBudget';

interface KindLineProps {
  readonly message: KindMessage;
  readonly values?: Readonly<Record<string, string>>;
  readonly icon: 'quoted' | 'chat' | 'refused' | 'broken';
}

/** Two hairlines, a sign, the kind in bold, one sentence: the reader never has to guess which it is. */
export function KindLine({ message, values = {}, icon }: KindLineProps) {
  const { rich } = useMessages('assistant');
  const isRefused = icon === 'refused';
  return (
    <p className={isRefused ? 'kind refused' : 'kind'}>
      <KindIcon icon={icon} /> {rich(message, values, { b: (inner) => <b>{inner}</b> })}
    </p>
  );
}

function KindIcon({ icon }: Pick<KindLineProps, 'icon'>) {
  if (icon === 'refused') return <JurisdictionMark place="not-sent" />;
  const Icon = { quoted: TextQuote, chat: PenLine, broken: CircleSlash }[icon];
  return <Icon className={icon === 'quoted' ? 'icon icon-flip' : 'icon'} aria-hidden="true" />;
}
