import { Link } from 'wouter';
import { useDescription } from '../shared/api/use-description.ts';
import { useLocalText, useMessages } from '../shared/i18n/language.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { OfficeSentence } from './office-link.tsx';
import { TextSection } from './text-section.tsx';

/** How the service works, and where people are. */
export function HelpPage() {
  const { t, rich } = useMessages('public');
  const local = useLocalText();
  const contest = useDescription()?.contest;
  const values = { institution: local(contest?.institution), days: contest?.days ?? '…' };
  return (
    <main id="content" className="page prose">
      <PageHeading title={t('helpTitle')} />
      <p className="lead">
        <OfficeSentence message="helpLead" />
      </p>
      <TextSection title={t('helpSources')}>{t('helpSourcesText')}</TextSection>
      <TextSection title={t('helpChat')}>{t('helpChatText')}</TextSection>
      <TextSection title={t('helpReceipt')}>
        {rich('helpReceiptText', {}, { check: (inner) => <Link href="/record/receipt">{inner}</Link> })}
      </TextSection>
      <TextSection title={t('helpContest')}>{t('helpContestText', values)}</TextSection>
    </main>
  );
}
