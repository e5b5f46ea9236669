import type { ReactNode } from 'react';

/** One heading with its paragraph. */
export function TextSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  );
}
