import type { Charter } from '../charter/schema.ts';
import { escapeHtml, renderPage } from './html.ts';

/** What stands at `/` until the assistant does: that the service runs, for whom, and how to ask it. */
export function renderStartPage(charter: Charter, publicUrl: string): string {
  const { country } = charter;
  const name = country.name.en ?? Object.values(country.name)[0] ?? country.country;
  const notice = country.notice?.en;
  const model = charter.backends[0]?.model ?? country.embedded.model;
  const curl = `curl ${publicUrl}/v1/chat/completions \\
  -H "authorization: Bearer $POLITY_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model":"${model}","messages":[{"role":"user","content":"What is a ministry?"}]}'`;
  const main = `${notice ? `<p class="specimen" role="note">${escapeHtml(notice)}</p>` : ''}
<h1>${escapeHtml(name)}: the national AI service runs</h1>
<p>Answers come from models that the charter allows. Every answer has a receipt in a public log.</p>
<p id="session" role="status"></p>
<h2>Ask it</h2>
<p>Any OpenAI client works: set its base address to <code>${escapeHtml(publicUrl)}/v1</code> and its key to one made with <code>./polity keys create</code>.</p>
<pre tabindex="0"><code>${escapeHtml(curl)}</code></pre>
<h2>Check it</h2>
<p>Each answer carries <code>x-receipt-id</code>. Read the receipt at <code>/v1/receipts/&lt;id&gt;</code>, or check it and the whole log with public bytes only:</p>
<pre tabindex="0"><code>./polity verify receipt.json
./polity verify --log decisions</code></pre>
<ul>
<li><a href="/.well-known/polity">What this service is: keys, logs, charter</a></li>
<li><a href="/readyz">Whether each part is ready</a></li>
<li><a href="/metrics">Counters</a></li>
</ul>`;
  return renderPage({ title: `${name} · Polity`, language: 'en', main, script: '/start.js' });
}

/** Takes the token of an administrator link out of the fragment, which never leaves the browser but in this POST. */
export const startScript = `const token = new URLSearchParams(location.hash.slice(1)).get('admin');
const line = document.getElementById('session');
if (token) {
  history.replaceState(null, '', location.pathname);
  const answer = await fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const body = await answer.json();
  line.textContent = answer.ok ? 'You are signed in as ' + body.role + '.' : body.detail;
}
`;
