import { useDescription } from '../shared/api/use-description.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { OfficeSentence } from './office-link.tsx';
import { TextSection } from './text-section.tsx';

/** What happens to a question, as this installation does it today. */
export function PrivacyPage() {
  const { t } = useMessages('public');
  const days = useDescription()?.keepDays ?? '…';
  return (
    <main id="content" className="page prose">
      <PageHeading title={t('privacyTitle')} />
      <p className="lead">{t('privacyLead')}</p>
      <TextSection title={t('privacyKept')}>{t('privacyKeptText', { days })}</TextSection>
      <TextSection title={t('privacyDelete')}>{t('privacyDeleteText')}</TextSection>
      <TextSection title={t('privacyLog')}>{t('privacyLogText')}</TextSection>
      <TextSection title={t('privacyCookies')}>{t('privacyCookiesText')}</TextSection>
      <TextSection title={t('privacyReaders')}>{t('privacyReadersText')}</TextSection>
      <TextSection title={t('privacyAsk')}>
        <OfficeSentence message="privacyAskText" />
      </TextSection>
    </main>
  );
}
