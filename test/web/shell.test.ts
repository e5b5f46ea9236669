import assert from 'node:assert/strict';
import test from 'node:test';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { openBrowser, type TestBrowser } from './open-browser.ts';
import { runAxe } from './run-axe.ts';

const paths = ['/', '/conversations', '/record', '/console', '/privacy', '/accessibility', '/help'];
let polity: RunningPolity;
let chromium: TestBrowser;

test.before(async () => {
  polity = await startPolity();
  chromium = await openBrowser();
});

test.after(async () => {
  await chromium?.close();
  await polity?.dispose();
});

/** A page with what it complained of and whom else it called. */
async function openPage(theme: string, language: string) {
  const context = await chromium.browser.newContext();
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

for (const theme of ['light', 'dark']) {
  for (const language of ['et', 'ar']) {
    test(`every page in ${theme}, ${language}: one heading, no complaint, nobody else called, axe finds nothing, 320 px hold it`, async () => {
      const { page, faults, goto } = await openPage(theme, language);
      for (const path of paths) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await goto(path);
        const heading = page.locator('main#content h1').waitFor({ timeout: 10_000 });
        await assert.doesNotReject(heading, `${path} has no heading`);
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
  const { page } = await openPage('light', 'en');
  await page.goto(polity.adminUrl);
  await page.waitForURL('**/console');
  assert.equal(new URL(page.url()).hash, '');
  const { page: again } = await openPage('light', 'en');
  await again.goto(polity.adminUrl);
  await again.locator('[role=alert]').waitFor();
  for (const one of [page, again]) await one.context().close();
});
