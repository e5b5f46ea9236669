import { Link, useLocation } from 'wouter';
import { useMessages } from '../shared/i18n/language.tsx';

const groups = [
  ['groupRuns', ['backends', 'playground']],
  ['groupGoverns', ['policies', 'grid', 'decide', 'charter']],
  ['groupRecorded', ['log', 'entries']],
  ['groupAccess', ['keys', 'usage']],
  ['groupWrong', ['cases']],
] as const;

/** The parts of the console, by the questions that they answer. */
export function ConsoleLinks() {
  const { t } = useMessages('console');
  return (
    <div className="console-links">
      <ConsoleLink href="/console" name={t('overview')} />
      {groups.map(([group, pages]) => (
        <section key={group}>
          <h2>{t(group)}</h2>
          {pages.map((page) => (
            <ConsoleLink key={page} href={`/console/${page}`} name={t(page)} />
          ))}
        </section>
      ))}
    </div>
  );
}

function ConsoleLink({ href, name }: { readonly href: string; readonly name: string }) {
  const [path] = useLocation();
  const isHere = path === href || (href !== '/console' && path.startsWith(`${href}/`));
  return (
    <Link href={href} aria-current={isHere ? 'page' : undefined}>
      {name}
    </Link>
  );
}
