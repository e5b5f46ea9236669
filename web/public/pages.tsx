import { PageHeading } from '../shared/shell/page-heading.tsx';

/** Stands until the pages of this surface do. */
export default function PublicPages() {
  return (
    <main id="content" className="page">
      <PageHeading title="Public" />
    </main>
  );
}
