import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useDescription } from '../api/use-description.ts';
import { useMessages } from '../i18n/language.tsx';
import { LanguageSwitch } from '../i18n/language-switch.tsx';
import { Masthead } from './masthead.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { TabLink } from './tab-link.tsx';
import { ThemeChoice } from './theme-choice.tsx';

/** Head and foot of everything that needs no sign-in. A page brings its own `<main id="content">`. */
export function PublicShell({ children }: { readonly children: ReactNode }) {
  const { t } = useMessages('shell');
  const navigation = (
    <>
      <TabLink href="/">{t('ask')}</TabLink>
      <TabLink href="/conversations" also="/c/">
        {t('conversations')}
      </TabLink>
      <TabLink href="/record">{t('record')}</TabLink>
    </>
  );
  return (
    <>
      <Masthead home="/" navigation={navigation}>
        <LanguageSwitch />
      </Masthead>
      <OfflineNotice />
      {children}
      <Footer />
    </>
  );
}

function Footer() {
  const { t, rich } = useMessages('shell');
  const digest = useDescription()?.charter.digest;
  return (
    <footer className="foot">
      <Link href="/help">{t('help')}</Link>
      <Link href="/accessibility">{t('accessibility')}</Link>
      <Link href="/privacy">{t('privacy')}</Link>
      <ThemeChoice />
      {digest === undefined ? null : (
        <span className="foot-end">
          {rich('charter', { digest: `${digest.slice(0, 4)} ${digest.slice(4, 8)}` }, { digest: mono })}
        </span>
      )}
    </footer>
  );
}

const mono = (inner: ReactNode) => <code>{inner}</code>;
