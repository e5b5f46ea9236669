import './assistant.css';
import './turn.css';
import { Route, Switch } from 'wouter';
import { AskPage } from './ask-page.tsx';
import { ConversationPage } from './conversation-page.tsx';
import { ConversationsPage } from './conversations-page.tsx';

/** The citizen's surface. */
export default function AssistantPages() {
  return (
    <Switch>
      <Route path="/">
        <AskPage />
      </Route>
      <Route path="/conversations">
        <ConversationsPage />
      </Route>
      <Route path="/c/:id">{({ id }) => <ConversationPage key={id} id={id} />}</Route>
    </Switch>
  );
}
