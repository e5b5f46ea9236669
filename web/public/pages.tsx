import './public.css';
import { Route, Switch } from 'wouter';
import { AccessibilityPage } from './accessibility-page.tsx';
import { HelpPage } from './help-page.tsx';
import { PrivacyPage } from './privacy-page.tsx';

/** Everything that needs no sign-in but the assistant. */
export default function PublicPages() {
  return (
    <Switch>
      <Route path="/privacy">
        <PrivacyPage />
      </Route>
      <Route path="/accessibility">
        <AccessibilityPage />
      </Route>
      <Route path="/help">
        <HelpPage />
      </Route>
    </Switch>
  );
}
