import { useEffect } from 'react';

/** A question that was asked now comes into sight, and takes the focus when the button that asked it has gone. */
export function useArrival(running: string | undefined): void {
  useEffect(() => {
    const heading = running === undefined ? null : document.getElementById(`q-${running}`);
    if (heading === null) return;
    heading.closest('.turn')?.scrollIntoView({ block: 'start' });
    if (document.activeElement === document.body) heading.focus({ preventScroll: true });
  }, [running]);
}
