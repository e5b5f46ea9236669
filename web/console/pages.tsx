import './console.css';
import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { StillLoading } from '../shared/shell/still-loading.tsx';
import { BackendsPage } from './backends-page.tsx';
import { CasesPage } from './cases-page.tsx';
import { ConsoleShell } from './console-shell.tsx';
import { EntriesPage } from './entries-page.tsx';
import { EntryPage } from './entry-page.tsx';
import { CharterPage, DecidePage, GridPage, KeysPage, PoliciesPage } from './law/pages.ts';
import { LogPage } from './log-page.tsx';
import { OverviewPage } from './overview-page.tsx';

/** Not part of the first load: who looks after the service may never open them. */
const PlaygroundPage = lazy(() => import('./playground/playground-page.tsx'));
const UsagePage = lazy(() => import('./usage/usage-page.tsx'));

/** The operator's surface: only pages whose capability exists. */
export default function ConsolePages() {
  return (
    <ConsoleShell>
      <Suspense fallback={<StillLoading />}>
        <Switch>
          <Route path="/console">
            <OverviewPage />
          </Route>
          <Route path="/console/backends">
            <BackendsPage />
          </Route>
          <Route path="/console/playground">
            <PlaygroundPage />
          </Route>
          <Route path="/console/usage">
            <UsagePage />
          </Route>
          <Route path="/console/policies">
            <PoliciesPage />
          </Route>
          <Route path="/console/grid">
            <GridPage />
          </Route>
          <Route path="/console/decide">
            <DecidePage />
          </Route>
          <Route path="/console/charter">
            <CharterPage />
          </Route>
          <Route path="/console/log">
            <LogPage />
          </Route>
          <Route path="/console/entries">
            <EntriesPage />
          </Route>
          <Route path="/console/entries/:log/:index">{({ log, index }) => <EntryPage log={log} index={index} />}</Route>
          <Route path="/console/keys">
            <KeysPage />
          </Route>
          <Route path="/console/cases">
            <CasesPage />
          </Route>
        </Switch>
      </Suspense>
    </ConsoleShell>
  );
}
