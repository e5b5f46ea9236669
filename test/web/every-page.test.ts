import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { type RunningPolity, root, startPolity } from '../start-polity.ts';
import { openBrowser, type TestBrowser } from './open-browser.ts';
import { runAxe } from './run-axe.ts';

const publicPaths = [
  '/',
  '/conversations',
  '/record',
  '/record/entries',
  '/record/receipt',
  '/privacy',
  '/accessibility',
  '/help',
];
const consolePaths = [
  '',
  '/backends',
  '/policies',
  '/grid',
  '/decide',
  '/charter',
  '/log',
  '/entries',
  '/keys',
  '/cases',
];

type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>;

let polity: RunningPolity;
let chromium: TestBrowser;
/** Of a guest with a conversation who is signed in as an administrator too. */
let cookies: Cookies;
let conversation: string;
let receipt: string;

test.before(async () => {
  [polity, chromium] = await Promise.all([startPolity(), openBrowser()]);
  const context = await chromium.browser.newContext({ baseURL: polity.url, locale: 'et' });
  const page = await context.newPage();
  await page.goto(polity.adminUrl);
  await page.waitForURL('**/console');
  await page.goto('/');
  await page.locator('.composer textarea').fill('Kuidas registreerida lapse sündi?');
  await page.keyboard.press('Enter');
  await page.locator('.turn[aria-busy="false"]').waitFor({ timeout: 30_000 });
  conversation = new URL(page.url()).pathname;
  const view = await context.request.get(`/api/conversations/${conversation.split('/').at(-1)}`);
  receipt = ((await view.json()) as { turns: { receiptId: string }[] }).turns[0]?.receiptId ?? '';
  cookies = await context.storageState();
  await context.close();
});

test.after(async () => {
  await chromium?.close();
  await polity?.dispose();
});

/** A page with what it complained of and whom else it called. */
async function openPage(theme: string, language: string, storageState?: Cookies) {
  const context = await chromium.browser.newContext(storageState === undefined ? {} : { storageState });
  await context.addInitScript(
    ([first, second]) => {
      localStorage.setItem('polity-theme', first);
      localStorage.setItem('polity-language', second);
    },
    [theme, language] as const,
  );
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (cause) => faults.push(cause.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== new URL(polity.url).origin) faults.push(`called ${url.origin}`);
  });
  return { page, faults, goto: (path: string) => page.goto(new URL(path, polity.url).href) };
}

const paths = () => [
  ...publicPaths,
  ...consolePaths.map((path) => `/console${path}`),
  conversation,
  `/record/receipt/${receipt}`,
  '/console/entries/decisions-2026h2/0',
];

for (const theme of ['light', 'dark']) {
  for (const language of ['et', 'en', 'ru', 'ar']) {
    test(`every page in ${theme}, ${language}: one heading, no complaint, nobody else called, axe finds nothing, 320 px hold it`, async () => {
      const { page, faults, goto } = await openPage(theme, language, cookies);
      for (const path of paths()) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await goto(path);
        await settle(page);
        assert.equal(await page.locator('h1').count(), 1, path);
        assert.deepEqual(await runAxe(page), [], path);
        await page.setViewportSize({ width: 320, height: 700 });
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, `${path} scrolls sideways`);
        assert.deepEqual(faults, [], path);
      }
      await page.context().close();
    });
  }
}

/** The heading is there, and nothing is loading any more. */
async function settle(page: Page): Promise<void> {
  await page.locator('main#content h1').waitFor({ state: 'attached', timeout: 10_000 });
  await page.locator('.still').first().waitFor({ state: 'detached', timeout: 10_000 });
}

test('a link inside the page moves the focus to the heading, the first page does not', async () => {
  const { page, goto } = await openPage('light', 'en');
  await goto('/');
  await page.locator('main#content h1').waitFor();
  assert.notEqual(await page.evaluate('document.activeElement.tagName'), 'H1');
  await page.locator('footer a[href="/privacy"]').click();
  await page.waitForURL('**/privacy');
  await page.locator('h1:focus').waitFor({ timeout: 10_000 });
  await page.context().close();
});

test('an administrator link signs in once and leaves no token in the address', async () => {
  const { stdout } = spawnSync(process.execPath, ['src/main.ts', 'cli', 'admin', 'link'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, POLITY_DATA: polity.data },
  });
  const link = stdout.trim().split('\n').at(-1) ?? '';
  const { page } = await openPage('light', 'en');
  await page.goto(link);
  await page.waitForURL('**/console');
  assert.equal(new URL(page.url()).hash, '');
  const { page: again } = await openPage('light', 'en');
  await again.goto(link);
  await again.locator('[role=alert]').waitFor();
  for (const one of [page, again]) await one.context().close();
});
