import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

/** A link of the head; the one whose page is open says so. */
export function TabLink({
  href,
  also,
  children,
}: {
  readonly href: string;
  readonly also?: string;
  readonly children: ReactNode;
}) {
  const [path] = useLocation();
  const isHere =
    path === href || (href !== '/' && path.startsWith(`${href}/`)) || (also !== undefined && path.startsWith(also));
  return (
    <Link className="tab" href={href} aria-current={isHere ? 'page' : undefined}>
      {children}
    </Link>
  );
}
