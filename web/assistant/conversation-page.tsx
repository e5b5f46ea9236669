import { useCallback, useMemo, useState } from 'react';
import type { ConversationView, TurnMode } from '../../src/assistant/schema.ts';
import { ApiProblem } from '../shared/api/api-problem.ts';
import { useLanguage, useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { StillLoading } from '../shared/shell/still-loading.tsx';
import { AnswerStatus } from './answer-status.tsx';
import { Composer } from './composer.tsx';
import { type Choices, shownBranch } from './conversation-tree.ts';
import { Rail } from './rail.tsx';
import { TurnArticle } from './turn-article.tsx';
import { useArrival } from './use-arrival.ts';
import { useConversation } from './use-conversation.ts';
import { useTriedAsk } from './use-tried-ask.ts';
import { useTurnKeys } from './use-turn-keys.ts';

/** A conversation: questions as headings, answers as text below them, sources in the margin. */
export function ConversationPage({ id }: { readonly id: string }) {
  const conversation = useConversation(id);
  const { data, error } = conversation.query;
  if (error !== null && (data === undefined || conversation.isGone)) return <GoneConversation cause={error} />;
  return (
    <div className="assistant">
      <Rail current={id} />
      <main id="content" className="thread">
        {data === undefined ? <StillLoading /> : <Thread key={id} view={data} conversation={conversation} />}
      </main>
    </div>
  );
}

interface ThreadProps {
  readonly view: ConversationView;
  readonly conversation: ReturnType<typeof useConversation>;
}

function Thread({ view, conversation }: ThreadProps) {
  const { t } = useMessages('assistant');
  const { language } = useLanguage();
  const { time } = useFormats();
  const [choices, setChoices] = useState<Choices>({});
  const branch = shownBranch(view.turns, choices);
  const last = branch.at(-1)?.turn;
  const [mode, setMode] = useState<TurnMode>(last?.mode ?? 'quoted');
  const running = branch.find(({ turn }) => turn.state === 'running')?.turn;
  const { ask: send, stop } = conversation;
  const choose = useCallback(
    (parent: string | null, turn: string) => setChoices((known) => ({ ...known, [parent ?? '']: turn })),
    [],
  );
  // Turns are drawn again only when what they are given changes, so these keep their identity.
  const ask = useCallback(
    async (question: string, kind: TurnMode, parent: string | null) => {
      const turn = await send({ question, mode: kind, language, parent });
      choose(parent, turn.id);
    },
    [send, language, choose],
  );
  const { fault, tryAsk } = useTriedAsk(ask);
  const runningId = running?.id;
  const onStop = useMemo(() => (runningId === undefined ? undefined : () => void stop(runningId)), [runningId, stop]);
  useTurnKeys(onStop);
  useArrival(runningId);
  const [hasAsked] = useState(last?.state === 'running');
  return (
    <>
      <h1 className="unseen" tabIndex={-1}>
        <PageTitle title={view.title} />
      </h1>
      <div role="log" aria-live="off" aria-label={view.title}>
        {branch.map(({ turn, variants }) => (
          <TurnArticle
            key={turn.id}
            turn={turn}
            variants={variants}
            askedAt={time(turn.createdAt)}
            onChoose={choose}
            onAsk={tryAsk}
            onContested={conversation.put}
          />
        ))}
      </div>
      <AnswerStatus turn={last} />
      <div className="dock no-print">
        <p role="alert" className="fault">
          {fault}
        </p>
        <Composer
          placeholder={t('writeFurther')}
          mode={mode}
          onMode={setMode}
          onAsk={(question) => ask(question, mode, last?.id ?? null)}
          onStop={onStop}
          hasFocus={hasAsked}
        />
      </div>
    </>
  );
}

function GoneConversation({ cause }: { readonly cause: Error }) {
  const { t } = useMessages('assistant');
  return (
    <main id="content" className="page plain">
      <PageHeading title={t('goneTitle')} />
      <p>{cause instanceof ApiProblem ? t('goneText') : t('netAway')}</p>
      <p>
        <a className="button" href="/">
          {t('newQuestion')}
        </a>
      </p>
    </main>
  );
}

/** The window is named after the first question. */
function PageTitle({ title }: { readonly title: string }) {
  return (
    <>
      {title}
      <title>{title}</title>
    </>
  );
}
