import { useEffect } from 'react';

/** A question that was asked now comes into sight. */
export function useArrival(running: string | undefined): void {
  useEffect(() => {
    if (running === undefined) return;
    document.getElementById(`q-${running}`)?.closest('.turn')?.scrollIntoView({ block: 'start' });
  }, [running]);
}
