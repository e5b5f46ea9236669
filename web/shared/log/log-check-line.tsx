import './log-check.css';
import { useMessages } from '../i18n/language.tsx';
import { useFormats } from '../i18n/use-formats.ts';
import { State } from '../marks/state-shape.tsx';
import { type LogCheck, useLogCheck } from './use-log-check.ts';
import type { LogView } from './use-logs.ts';

/** The full check of one log with its progress: uses only public bytes and the public key. */
export function LogCheckLine({ log }: { readonly log: LogView }) {
  const { t } = useMessages('public');
  const { check, start, stop } = useLogCheck(log);
  return (
    <div className="log-check">
      {check.kind === 'running' ? (
        <>
          <progress value={check.done} max={Math.max(1, check.size)} aria-label={log.name} />
          <button type="button" className="button" onClick={stop}>
            {t('stop')}
          </button>
        </>
      ) : (
        <button type="button" className="button" onClick={() => void start()}>
          {t('logCheck')}
        </button>
      )}
      <p role="status" className="small">
        <Outcome check={check} />
      </p>
    </div>
  );
}

function Outcome({ check }: { readonly check: LogCheck }) {
  const { t } = useMessages('public');
  const { number } = useFormats();
  switch (check.kind) {
    case 'idle':
      return null;
    case 'running':
      return t('logChecking', { done: number(check.done), size: number(check.size) });
    case 'holds':
      return <State kind="verified">{t('logHolds', { size: number(check.size), ms: Math.round(check.tookMs) })}</State>;
    case 'fails':
      return <State kind="fails">{t('logFails', { place: check.place, reason: check.reason })}</State>;
    case 'away':
      return <State kind="waits">{t('logAway')}</State>;
  }
}
