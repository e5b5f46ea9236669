/** As a citizen and an operator use it: a real browser against a whole installation. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { openBrowser, type TestBrowser } from '../web/open-browser.ts';

let polity: RunningPolity;
let chromium: TestBrowser;

before(async () => {
  [polity, chromium] = await Promise.all([startPolity(), openBrowser()]);
});

after(async () => {
  await chromium?.close();
  await polity?.dispose();
});

interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts and requests that went elsewhere: must stay empty. */
  readonly faults: string[];
}

async function visit(path = '/', options: { locale?: string; width?: number } = {}): Promise<Visit> {
  const context = await chromium.browser.newContext({
    locale: options.locale ?? 'et',
    viewport: { width: options.width ?? 1280, height: 900 },
    baseURL: polity.url,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(polity.url) && !/^(data|blob):/.test(request.url())) faults.push(request.url());
  });
  await page.goto(path);
  return { context, page, faults };
}

async function ask(page: Page, question: string): Promise<void> {
  const answers = await page.locator('.turn[aria-busy="false"]').count();
  await page.locator('.composer textarea').fill(question);
  await page.keyboard.press('Enter');
  await page.locator('.turn[aria-busy="false"]').nth(answers).waitFor({ timeout: 30_000 });
  await scrollTo(page, answers);
}

/** The turn as it is kept takes the place of the one that flowed, maybe while it is scrolled to. */
async function scrollTo(page: Page, answers: number): Promise<void> {
  const receipt = page.locator('.receipt').nth(answers);
  await receipt.scrollIntoViewIfNeeded().catch(async (cause: Error) => {
    if (!/not attached/.test(cause.message)) throw cause;
    await receipt.scrollIntoViewIfNeeded();
  });
}

const BIRTH = 'Kuidas registreerida lapse sündi?';

test('a citizen asks, sees the right service quoted, and the browser verifies the receipt', async () => {
  const { context, page, faults } = await visit();
  await ask(page, BIRTH);
  assert.equal(await page.locator('.turn h2').textContent(), BIRTH);
  assert.match((await page.locator('.passage-side').first().textContent()) ?? '', /sünni registreerimine/i);
  await page.locator('.receipt .state-ok').waitFor({ timeout: 15_000 });
  await page.locator('.receipt > summary').click();
  assert.equal(await page.locator('.receipt .check-verified').count(), 6);
  assert.deepEqual(faults, []);
  await context.close();
});

test('with the network off a receipt that was loaded still verifies, and any edit of the answer makes it fail', async () => {
  const { context, page } = await visit();
  await ask(page, BIRTH);
  await page.locator('.receipt .state-ok').waitFor({ timeout: 15_000 });
  await context.setOffline(true);
  await page.locator('.receipt > summary').click();
  await page.getByRole('button', { name: 'Kontrolli uuesti' }).click();
  await page.locator('.receipt .state-ok').waitFor();
  await context.setOffline(false);
  // The same conversation, with one letter changed on its way to the page.
  await page.route('**/api/conversations/*', async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    await route.fulfill({ response, body: body.replace(/"text":"(.)/, '"text":"X') });
  });
  await page.reload();
  await page.locator('.receipt .state-no').waitFor({ timeout: 15_000 });
  assert.equal(await page.locator('details.receipt').getAttribute('open'), '');
  // What the service has is what it signed.
  await page.unroute('**/api/conversations/*');
  await page.getByRole('button', { name: 'Laadi vastus teenusest uuesti ja kontrolli' }).click();
  await page.locator('.receipt .state-ok').waitFor({ timeout: 15_000 });
  await context.close();
});

test('the language changes at any time, Arabic from right to left, and the passages keep their own', async () => {
  const { context, page } = await visit();
  await ask(page, BIRTH);
  await page.getByRole('button', { name: 'Русский' }).click();
  await page.locator('html[lang="ru"]').waitFor();
  await page.getByRole('button', { name: 'العربية' }).click();
  await page.locator('html[dir="rtl"]').waitFor();
  assert.equal(await page.locator('.passage blockquote').first().getAttribute('lang'), 'et');
  assert.equal(await page.locator('.turn h2').textContent(), BIRTH);
  await context.close();
});

test('an answer of the model survives a refresh and is seen in a second tab; Stop ends it', async () => {
  const { context, page } = await visit('/', { locale: 'en' });
  await page.getByText('Free conversation with the model').click();
  await page.locator('.composer textarea').fill('Tell me a long story about a lighthouse keeper and his cat.');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/c/*');
  await page.locator('.turn[aria-busy="true"] .written').waitFor({ timeout: 60_000 });
  const other = await context.newPage();
  await other.goto(page.url());
  await other.locator('.turn[aria-busy="true"] .written').waitFor();
  await page.reload();
  await page.locator('.turn .written').waitFor();
  const length = async () => (await page.locator('.turn .written').textContent())?.length ?? 0;
  const before = await length();
  for (let tries = 0; (await length()) <= before && tries < 100; tries++) await page.waitForTimeout(100);
  assert.ok((await length()) > before);
  await page.getByRole('button', { name: /^Stop/ }).click();
  await page.locator('.turn[aria-busy="false"]').waitFor();
  await other.locator('.turn[aria-busy="false"]').waitFor();
  assert.match((await page.locator('.turn').textContent()) ?? '', /Stopped\./);
  await context.close();
});

test('a question that the network did not take is kept when the page is closed, and sent or discarded later', async () => {
  const { context, page } = await visit();
  await page.locator('.composer textarea').waitFor();
  await context.setOffline(true);
  await page.locator('.composer textarea').fill(BIRTH);
  await page.keyboard.press('Enter');
  await page.locator('.unsent').waitFor();
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  await later.goto('/');
  assert.equal(await later.locator('.composer textarea').inputValue(), BIRTH);
  await later.locator('.composer textarea').press('Enter');
  await later.locator('.turn[aria-busy="false"]').waitFor({ timeout: 30_000 });
  await later.goto('/');
  assert.equal(await later.locator('.composer textarea').inputValue(), '');
  await context.setOffline(true);
  await later.locator('.composer textarea').fill('Midagi muud');
  await later.keyboard.press('Enter');
  await later.getByRole('button', { name: 'Loobu küsimusest' }).click();
  await context.setOffline(false);
  await later.reload();
  assert.equal(await later.locator('.composer textarea').inputValue(), '');
  await context.close();
});

test('a contested answer gets a number and a deadline, which an administrator sees in the console', async () => {
  const { context, page } = await visit();
  await ask(page, BIRTH);
  await page.getByRole('button', { name: 'Vaidlusta vastus' }).click();
  await page.getByLabel('Midagi olulist on puudu').check();
  await page.getByLabel(/Oma sõnadega/).fill('Kaksikute kohta ei ole midagi.');
  await page.getByRole('button', { name: 'Vaidlusta', exact: true }).click();
  const said = (await page.locator('.contested').textContent()) ?? '';
  const number = /\d{4}-\d{5}/.exec(said)?.[0];
  assert.ok(number, said);
  const staff = await visit(new URL(polity.adminUrl).pathname + new URL(polity.adminUrl).hash);
  await staff.page.waitForURL('**/console');
  await staff.page.getByRole('link', { name: 'Vaidlustatud vastused' }).first().click();
  await staff.page.getByText(number).waitFor();
  assert.doesNotMatch(await staff.page.content(), /Kaksikute/);
  assert.deepEqual(staff.faults, []);
  await staff.context.close();
  await context.close();
});

/** For the page: what the conversation was read as arrives in the very moment in which the stream tells that its turn has ended. */
const ARRIVES_AS_THE_TURN_ENDS = `
  const ended = Promise.withResolvers();
  const { fetch, EventSource } = window;
  window.EventSource = class extends EventSource {
    constructor(url) {
      super(url);
      // After the page's own listener.
      queueMicrotask(() => this.addEventListener('turn', (event) => {
        if (JSON.parse(event.data).state !== 'running') ended.resolve();
      }));
    }
  };
  window.fetch = async (path, init) => {
    const response = await fetch(path, init);
    if (init.method !== 'GET' || !/conversations\\/\\w+$/.test(path)) return response;
    const view = JSON.parse((await response.text()).replace(/"state":"\\w+"/, '"state":"running"'));
    await ended.promise;
    return { ok: true, status: 200, json: async () => view };
  };`;

test('an answer that ends while the conversation is being read is shown as ended', async () => {
  const { context, page } = await visit();
  await page.addInitScript(ARRIVES_AS_THE_TURN_ENDS);
  await page.reload();
  await ask(page, BIRTH);
  await page.waitForTimeout(300);
  assert.equal(await page.locator('.turn[aria-busy="true"]').count(), 0);
  await context.close();
});

test('a conversation is found by search, exported, and deleted for good', async () => {
  const { context, page } = await visit();
  await ask(page, BIRTH);
  const address = page.url();
  await page.goto('/conversations');
  await page.getByLabel('Otsi vestlustest').fill('LAPSE SUNDI');
  await page.locator('.conversation-list li').first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Salvesta Markdownina' }).click();
  assert.match((await download).suggestedFilename(), /\.md$/);
  await page.getByLabel('Otsi vestlustest').fill('');
  await page
    .getByRole('button', { name: /Kustuta vestlus/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Kustuta jäädavalt' }).click();
  await page.getByText('Vestlusi veel ei ole').waitFor();
  await page.goto(address);
  await page.getByRole('heading', { name: 'Seda vestlust ei ole.' }).waitFor();
  await context.close();
});

test('the public record counts the day, and checks a whole log in the browser', async () => {
  const { context, page, faults } = await visit('/record', { locale: 'en' });
  await page.locator('.day a').first().waitFor();
  await page.getByRole('button', { name: 'Check the whole log here' }).first().click();
  await page.locator('.log-check .state-ok').first().waitFor({ timeout: 20_000 });
  assert.deepEqual(faults, []);
  await context.close();
});
