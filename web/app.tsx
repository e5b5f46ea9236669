import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { ErrorBoundary } from './shared/shell/error-boundary.tsx';
import { OpenAdminLink } from './shared/shell/open-admin-link.tsx';
import { PublicShell } from './shared/shell/public-shell.tsx';
import { StillLoading } from './shared/shell/still-loading.tsx';

const AssistantPages = lazy(() => import('./assistant/pages.tsx'));
const ConsolePages = lazy(() => import('./console/pages.tsx'));
const PublicPages = lazy(() => import('./public/pages.tsx'));

/** Which surface an address belongs to. Each is a chunk of its own; `src/api/routes/web.ts` names the same addresses. */
export function App() {
  return (
    <Suspense fallback={<StillLoading />}>
      <ErrorBoundary>
        <OpenAdminLink>
          <Switch>
            <Route path="/console/*?">
              <ConsolePages />
            </Route>
            <Route path="/record/*?">
              <PublicShell>
                <PublicPages />
              </PublicShell>
            </Route>
            {/* Paths as text know no alternatives: this one would take `/conversations` too. */}
            <Route path={/^\/(?:privacy|accessibility|help)\/?$/}>
              <PublicShell>
                <PublicPages />
              </PublicShell>
            </Route>
            <Route path="/">
              <PublicShell>
                <AssistantPages />
              </PublicShell>
            </Route>
            <Route path="/c/:id">
              <PublicShell>
                <AssistantPages />
              </PublicShell>
            </Route>
            <Route path="/conversations">
              <PublicShell>
                <AssistantPages />
              </PublicShell>
            </Route>
            <Route>
              <Redirect to="/" />
            </Route>
          </Switch>
        </OpenAdminLink>
      </ErrorBoundary>
    </Suspense>
  );
}
