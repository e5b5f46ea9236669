import { type ReactNode, use, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useDescription } from '../api/use-description.ts';
import { useLocalText } from '../i18n/language.tsx';
import { VisitContext } from './visit.tsx';

/** The one `h1` of a page: names the window, and takes the focus when a link inside the page led here. */
export function PageHeading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const local = useLocalText();
  const service = local(useDescription()?.name);
  useEffect(() => {
    document.title = service === '' ? title : `${title} · ${service}`;
  }, [title, service]);
  const visit = use(VisitContext);
  const [path] = useLocation();
  useEffect(() => {
    // Not on the first page of a visit: there the reader's own tool begins at the top.
    if (visit.path !== path && !document.activeElement?.closest('#content')) heading.current?.focus();
    visit.path = path;
  }, [visit, path]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
