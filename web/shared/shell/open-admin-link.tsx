import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { callApi } from '../api/call-api.ts';
import { useMessages } from '../i18n/language.tsx';

type Opening = 'none' | 'opening' | 'failed';

/**
 * Takes the token of an administrator link out of the fragment, which reaches no server and no referrer, uses it up by
 * a POST and goes on to the console.
 */
export function OpenAdminLink({ children }: { readonly children: ReactNode }) {
  const [opening, setOpening] = useState<Opening>(() => (readToken() === null ? 'none' : 'opening'));
  const [token] = useState(readToken);
  const [, navigate] = useLocation();
  const { t, rich } = useMessages('shell');
  useEffect(() => {
    if (token === null || location.hash === '') return;
    history.replaceState(null, '', location.pathname);
    callApi('/api/session', { method: 'POST', body: { token } }).then(
      () => {
        setOpening('none');
        navigate('/console', { replace: true });
      },
      () => setOpening('failed'),
    );
  }, [token, navigate]);
  if (opening === 'none') return children;
  if (opening === 'opening') return <p className="page plain">{t('signingIn')}</p>;
  return (
    <main className="page plain" role="alert">
      <h1 className="fault">{t('linkFails')}</h1>
      <p>{rich('linkFailsText', {}, { code: (inner) => <code>{inner}</code> })}</p>
      <p>
        <a className="button" href="/">
          {t('home')}
        </a>
      </p>
    </main>
  );
}

function readToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('admin');
}
