import { useQueryClient } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ConversationView, TurnMode } from '../../src/assistant/schema.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useLanguage, useMessages } from '../shared/i18n/language.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { AboutService } from './about-service.tsx';
import { Composer } from './composer.tsx';
import { conversationKey } from './conversation-query.ts';
import { conversationsKey, sendAsk } from './use-conversation.ts';
import { useTriedAsk } from './use-tried-ask.ts';

/** First visit: that a machine answers, a field, what people ask, what the service can do today. */
export function AskPage() {
  const { t, rich } = useMessages('assistant');
  const { language } = useLanguage();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [mode, setMode] = useState<TurnMode>('quoted');
  const ask = async (question: string, kind: TurnMode = mode) => {
    const turn = await sendAsk('/api/conversations', { question, mode: kind, language });
    const { conversation: id, createdAt } = turn;
    const fresh: ConversationView = {
      id,
      title: question,
      createdAt,
      updatedAt: createdAt,
      keptUntil: createdAt,
      turns: [turn],
    };
    client.setQueryData(conversationKey(id), fresh);
    void client.invalidateQueries({ queryKey: conversationsKey });
    navigate(`/c/${id}`);
  };
  const { fault, tryAsk } = useTriedAsk(ask);
  return (
    <main id="content" className="home">
      <div>
        <PageHeading title={t('askTitle')} />
        <p className="home-lead">{rich('aiNotice', {}, { b: (inner) => <b>{inner}</b> })}</p>
        <Composer placeholder={t('writeQuestion')} isFirst mode={mode} onMode={setMode} onAsk={(text) => ask(text)} />
        <p className="hint home-hint">{t('noPersonal')}</p>
        <FrequentQuestions onAsk={(question) => void tryAsk(question, 'quoted', null)} />
        <p role="alert" className="fault">
          {fault}
        </p>
      </div>
      <AboutService />
    </main>
  );
}

function FrequentQuestions({ onAsk }: { onAsk(question: string): void }) {
  const { t } = useMessages('assistant');
  const { language } = useLanguage();
  const frequent = useDescription()?.frequent;
  // A language that the collection lacks shows the questions of one that it has.
  const shown = frequent?.[language] === undefined ? 'en' : language;
  const questions = frequent?.[shown] ?? [];
  if (questions.length === 0) return null;
  return (
    <section className="frequent" aria-labelledby="frequent">
      <h2 id="frequent">{t('frequent')}</h2>
      <ul lang={shown} dir="auto">
        {questions.map(({ question, authority }) => (
          <li key={question}>
            <button type="button" onClick={() => onAsk(question)}>
              <span className="frequent-question">{question}</span>
              <span className="frequent-authority">{authority}</span>
              <ArrowRight className="icon icon-flip" aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
