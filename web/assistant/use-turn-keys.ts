import { useEffect } from 'react';

/** Alt and an arrow go from question to question. */
export function useTurnKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
      const headings = [...document.querySelectorAll<HTMLElement>('.turn h2')];
      const here = headings.indexOf(document.activeElement as HTMLElement);
      const next = event.key === 'ArrowDown' ? here + 1 : here < 0 ? headings.length - 1 : here - 1;
      const heading = headings[next];
      if (heading === undefined) return;
      event.preventDefault();
      heading.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
