import { PageHeading } from '../shared/shell/page-heading.tsx';

/** Stands until the pages of this surface do. */
export default function ConsolePages() {
  return (
    <main id="content" className="page">
      <PageHeading title="Console" />
    </main>
  );
}
