import { useEffect } from 'react';

/** Alt and an arrow go from question to question; Esc stops the answer that is being made, wherever the focus is. */
export function useTurnKeys(onStop: (() => void) | undefined): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A form that opened in place takes its own Esc first.
      if (event.key === 'Escape' && !event.defaultPrevented) onStop?.();
      if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) step(event);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onStop]);
}

function step(event: KeyboardEvent): void {
  const headings = [...document.querySelectorAll<HTMLElement>('.turn h2')];
  // From anywhere inside a turn, that turn is where one is.
  const here = headings.findIndex((heading) => heading.closest('.turn')?.contains(document.activeElement));
  const next = event.key === 'ArrowDown' ? here + 1 : here < 0 ? headings.length - 1 : here - 1;
  const heading = headings[next];
  if (heading === undefined) return;
  event.preventDefault();
  heading.focus();
}
