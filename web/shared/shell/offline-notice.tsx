import { useSyncExternalStore } from 'react';
import { useMessages } from '../i18n/language.tsx';

/** Says that the network is away, and what still works. */
export function OfflineNotice() {
  const { t } = useMessages('shell');
  const isOnline = useSyncExternalStore(watch, () => navigator.onLine);
  return (
    <div role="status" className={isOnline ? undefined : 'offline'}>
      {isOnline ? null : (
        <p>
          <b>{t('offlineTitle')}</b> {t('offlineText')}
        </p>
      )}
    </div>
  );
}

function watch(changed: () => void): () => void {
  addEventListener('online', changed);
  addEventListener('offline', changed);
  return () => {
    removeEventListener('online', changed);
    removeEventListener('offline', changed);
  };
}
