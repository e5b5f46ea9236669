import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { callApi } from '../shared/api/call-api.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { LanguageSwitch } from '../shared/i18n/language-switch.tsx';
import { Masthead } from '../shared/shell/masthead.tsx';
import { OfflineNotice } from '../shared/shell/offline-notice.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { ThemeChoice } from '../shared/shell/theme-choice.tsx';
import { ConsoleLinks } from './console-links.tsx';
import { ConsoleState } from './console-state.tsx';
import { StaleNotice } from './stale-notice.tsx';
import { useSession } from './use-session.ts';

/** Head and navigation by the five questions; who is not signed in is told how to be. */
export function ConsoleShell({ children }: { readonly children: ReactNode }) {
  const { t } = useMessages('console');
  const { session, error } = useSession();
  const narrow = session ? <ConsoleLinks /> : null;
  return (
    <>
      <Masthead home="/console" subtitle={t('console')} navigation={<div className="only-narrow">{narrow}</div>}>
        {session ? <SignedIn role={session.role} /> : null}
        <LanguageSwitch />
      </Masthead>
      {session ? (
        <div className="desk">
          <nav className="desk-links no-print" aria-label={t('navigation')}>
            <ConsoleLinks />
            <ThemeChoice />
          </nav>
          <main id="content" className="work">
            <OfflineNotice />
            <StaleNotice />
            {children}
          </main>
        </div>
      ) : (
        <main id="content" className="page plain">
          {session === null ? <SignedOut /> : <ConsoleState error={error} />}
        </main>
      )}
    </>
  );
}

function SignedIn({ role }: { readonly role: string }) {
  const { t } = useMessages('console');
  const client = useQueryClient();
  const signOut = async () => {
    await callApi('/api/session', { method: 'DELETE' });
    client.clear();
    location.assign('/');
  };
  return (
    <p className="signed-in">
      {t('signedAs', { role })}{' '}
      <button type="button" className="button plain" onClick={() => void signOut()}>
        {t('signOut')}
      </button>
    </p>
  );
}

function SignedOut() {
  const { t, rich } = useMessages('console');
  return (
    <>
      <PageHeading title={t('signedOutTitle')} />
      <p>{rich('signedOutText', {}, { code: (inner) => <code>{inner}</code> })}</p>
      <p>
        <Link className="button" href="/">
          {t('toAssistant')}
        </Link>
      </p>
    </>
  );
}
