import './public.css';
import { Route, Switch } from 'wouter';
import { AccessibilityPage } from './accessibility-page.tsx';
import { EntriesPage } from './entries-page.tsx';
import { HelpPage } from './help-page.tsx';
import { PrivacyPage } from './privacy-page.tsx';
import { ReceiptPage } from './receipt-page.tsx';
import { RecordPage } from './record-page.tsx';

/** Everything that needs no sign-in but the assistant. */
export default function PublicPages() {
  return (
    <Switch>
      <Route path="/record">
        <RecordPage />
      </Route>
      <Route path="/record/entries">
        <EntriesPage />
      </Route>
      <Route path="/record/receipt/:id?">{({ id }) => <ReceiptPage key={id ?? ''} id={id ?? null} />}</Route>
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
