import type { ReactNode } from 'react';

/** `holds` verified or serving, `limited`, `fails` failed or held, `waits` pending, `idle` none of these. */
export type StateKind = 'verified' | 'holds' | 'limited' | 'fails' | 'waits' | 'idle';

const tones = { verified: 'ok', holds: 'ok', limited: 'away', fails: 'no', waits: 'wait', idle: 'wait' } as const;

/** A state as shape and word; the colour only repeats it. */
export function State({ kind, children }: { readonly kind: StateKind; readonly children: ReactNode }) {
  return (
    <span className={`state state-${tones[kind]}`}>
      <StateShape kind={kind} /> {children}
    </span>
  );
}

export function StateShape({ kind }: { readonly kind: StateKind }) {
  return (
    <svg className="shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {drawing(kind)}
    </svg>
  );
}

function drawing(kind: StateKind) {
  switch (kind) {
    case 'verified':
      return (
        <>
          <path d="M1 1h14v14H1z" fill="currentColor" />
          <path d="m4 8.2 2.8 2.8L12 5.4" fill="none" stroke="var(--paper)" strokeWidth="1.9" />
        </>
      );
    case 'holds':
      return <path d="M2 2h12v12H2z" fill="currentColor" />;
    case 'limited':
      return <path d="m8 1 7 7-7 7-7-7z" fill="currentColor" />;
    case 'fails':
      return <path d="M8 1.5 15.5 15H.5z" fill="currentColor" />;
    case 'waits':
      return (
        <>
          <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.6 2" />
          <path d="M8 4.6V8l2.4 1.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </>
      );
    case 'idle':
      return <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />;
  }
}
