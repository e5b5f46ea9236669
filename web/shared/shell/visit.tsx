import { createContext, type ReactNode, useState } from 'react';

/** The address whose heading was shown last. */
interface Visit {
  path: string;
}

export const VisitContext = createContext<Visit>({ path: '' });

/** Knows the page that a visit began with, so that only a later one takes the focus. */
export function VisitProvider({ children }: { readonly children: ReactNode }) {
  const [visit] = useState<Visit>(() => ({ path: location.pathname }));
  return <VisitContext value={visit}>{children}</VisitContext>;
}
