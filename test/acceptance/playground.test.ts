/** The playground of the console, in a browser: models side by side on the way of every request. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { runCli } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';
import { openBrowser } from '../web/open-browser.ts';

let upstream: TalkingUpstream;
let polity: RunningPolity;
let context: BrowserContext;
let closeBrowser: () => Promise<void>;

before(async () => {
  upstream = await startTalking();
  polity = await startPolity({ charter: await charterVariant(servedBy(upstream.url)) });
  const { browser, close } = await openBrowser();
  closeBrowser = close;
  context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  await page.goto((await runCli(polity, 'admin', 'link')).out.trim().split('\n').at(-1) ?? '');
  await page.getByText('Signed in').first().waitFor();
  await page.close();
});
after(async () => {
  await closeBrowser?.();
  await polity?.dispose();
  await upstream?.close();
});

async function openPlayground(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${polity.url}/console/playground`);
  await page.getByRole('textbox', { name: 'Prompt' }).waitFor();
  return page;
}

const column = (page: Page, at: number) => page.locator('.answer-column').nth(at);

test('two columns answer side by side, each with its place, its cost and its entry in the log', async () => {
  const page = await openPlayground();
  await page.getByRole('combobox', { name: 'Tenant' }).selectOption('agency');
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  await prompt.fill('Tere');
  await prompt.press('Control+Enter');
  for (const at of [0, 1]) {
    await column(page, at).getByText('Tere, maailm!').waitFor();
    await column(page, at).getByText('embedded, tallinn').waitFor();
    await column(page, at)
      .getByRole('link', { name: /^Entry \d+$/ })
      .waitFor();
  }
  await page.close();
});

test('one column is stopped while the other goes on, and the upstream hears of it', async () => {
  const page = await openPlayground();
  let asked = 0;
  upstream.mood = (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const say = (delta: object, finish: string | null) =>
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
    say({ role: 'assistant', content: 'Once' }, null);
    // The first never ends by itself.
    if (asked++ > 0) {
      say({ content: ' upon a time.' }, 'stop');
      response.end('data: [DONE]\n\n');
    }
  };
  const before = upstream.aborted();
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Tere');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.getByText('Once upon a time.').waitFor();
  await page.locator('.answer-column[aria-busy="true"]').getByRole('button', { name: 'Stop' }).click();
  await page.locator('.answer-column').getByText('stopped').waitFor();
  for (let tries = 0; upstream.aborted() === before && tries < 50; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(upstream.aborted(), before + 1);
  upstream.mood = null;
  await page.close();
});

test('a model that the law does not allow says why in its column; what was written outlives a reload', async () => {
  const page = await openPlayground();
  await page.getByRole('combobox', { name: 'Model 2' }).selectOption('eurollm-9b-instruct');
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Kept on this device');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await column(page, 1).getByText('No backend serves the model').waitFor();
  const why = await column(page, 1)
    .getByRole('link', { name: /what would alter it/ })
    .getAttribute('href');
  assert.match(why ?? '', /^\/console\/decide\?tenant=\w+&purpose=.+&model=eurollm-9b-instruct/);
  await page.reload();
  assert.equal(await page.getByRole('textbox', { name: 'Prompt' }).inputValue(), 'Kept on this device');
  assert.equal(await page.getByRole('combobox', { name: 'Model 2' }).inputValue(), 'eurollm-9b-instruct');
  await page.close();
});

test('what makes no sense is refused before anything is sent: another tenant, a foreign purpose, no request', async () => {
  const page = await context.newPage();
  await page.goto(`${polity.url}/console`);
  const heard = upstream.heard.length;
  const ask = (body: object) =>
    page.evaluate(async (sent) => {
      const response = await fetch('/api/console/playground', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(sent),
      });
      return { status: response.status, detail: ((await response.json()) as { detail: string }).detail };
    }, body);
  const request = { model: 'auto', messages: [{ role: 'user', content: 'a' }] };
  const wrong: [object, number, RegExp][] = [
    [{ tenant: 'nobody', purpose: 'drafting', request }, 400, /no tenant `nobody`/],
    [{ tenant: 'school', purpose: 'casework', request }, 403, /does not have the purpose `casework`/],
    [{ tenant: 'agency', purpose: 'drafting' }, 400, /chat request as `request`/],
    [{ tenant: 'agency', purpose: 'drafting', request: { model: 'auto' } }, 400, /messages/],
  ];
  for (const [body, status, detail] of wrong) {
    const said = await ask(body);
    assert.equal(said.status, status, said.detail);
    assert.match(said.detail, detail);
  }
  assert.equal(upstream.heard.length, heard);
  await page.close();
});
