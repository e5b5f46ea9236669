import { type RefCallback, useCallback, useEffect, useState } from 'react';

/** True once an element came near the window, or is to be printed: what costs work waits until then. */
export function useNearView(): readonly [RefCallback<Element>, boolean] {
  const [isNear, setNear] = useState(false);
  const watch = useCallback<RefCallback<Element>>((element) => {
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: '800px 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (isNear) return;
    const show = () => setNear(true);
    addEventListener('beforeprint', show);
    return () => removeEventListener('beforeprint', show);
  }, [isNear]);
  return [watch, isNear];
}
