import { useMessages } from '../shared/i18n/language.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { OfficeSentence } from './office-link.tsx';
import { TextSection } from './text-section.tsx';

/** What was checked, what was not, and whom to tell. */
export function AccessibilityPage() {
  const { t } = useMessages('public');
  return (
    <main id="content" className="page prose">
      <PageHeading title={t('accessTitle')} />
      <p className="lead">{t('accessLead')}</p>
      <TextSection title={t('accessTested')}>{t('accessTestedText')}</TextSection>
      <TextSection title={t('accessNot')}>{t('accessNotText')}</TextSection>
      <TextSection title={t('accessKeys')}>{t('accessKeysText')}</TextSection>
      <TextSection title={t('accessTell')}>
        <OfficeSentence message="helpLead" />
      </TextSection>
    </main>
  );
}
