/** The console where things go wrong, get long, or go onto paper: a real browser against a whole installation. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, openUsedService, settle, type UsedService } from '../web/open-service.ts';

let service: UsedService;

before(async () => {
  service = await openUsedService();
});

after(async () => {
  await service?.close();
});

const open = (width = 1280) => openPage(service, { theme: 'light', language: 'en', viewport: { width, height: 900 } });

test('figures that are no longer renewed say since when, and stay; they are live again by themselves', async () => {
  const { context, page } = await open();
  await page.goto('/console/backends');
  await settle(page);
  assert.equal(await page.locator('.stale').count(), 0);
  await page.route('**/api/console/backends', (route) => route.abort());
  await page.getByText(/The figures are of \d\d:\d\d and not renewed since/).waitFor({ timeout: 20_000 });
  await page.getByText('embedded', { exact: true }).first().waitFor();
  await page.unroute('**/api/console/backends');
  await page.locator('.stale').waitFor({ state: 'detached', timeout: 20_000 });
  await context.close();
});

test('a session that ends while the page is open shows as ended', async () => {
  const { context, page } = await open();
  await page.goto('/console/backends');
  await settle(page);
  await context.clearCookies();
  await page.getByRole('heading', { name: 'You are not signed in.' }).waitFor({ timeout: 20_000 });
  await context.close();
});

test('a service that does not answer at all is said, not waited for without end', async () => {
  const { context, page } = await open();
  await page.route('**/api/session', (route) => route.abort());
  await page.goto('/console/backends');
  await page.locator('main#content [role="alert"]').waitFor({ timeout: 20_000 });
  await context.close();
});

test('a key is made with a project and a budget, which stands beside it and first in the budgets once it is used up', async () => {
  const { context, page } = await open();
  await page.goto('/console/keys');
  await settle(page);
  await page.getByRole('link', { name: 'Make a new key' }).click();
  await page.getByRole('combobox', { name: 'Tenant' }).selectOption('agency');
  await page.getByRole('textbox', { name: 'Name' }).fill('Pilot of the agency');
  await page.getByRole('textbox', { name: 'Project' }).fill('pilot');
  await page.getByLabel('Money a month').fill('0');
  await page.getByLabel('drafting').check();
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.locator('.secret code').waitFor();
  const row = page.locator('tr', { hasText: 'Pilot of the agency' });
  await row.getByText('used up').waitFor({ timeout: 20_000 });
  assert.match((await row.textContent()) ?? '', /pilot.*money a month 0/);
  await row.getByRole('link', { name: /money a month/ }).click();
  await page.waitForURL('**/console/usage?by=key');
  const first = page.locator('section[aria-label="budgets"] tbody tr').first();
  await first.waitFor();
  assert.match((await first.textContent()) ?? '', /Pilot of the agency.*used up/);
  await context.close();
});

test('on paper no table is cut, and the playground shows what was asked', async () => {
  const { context, page } = await open();
  for (const path of ['/console/backends', '/console/keys', '/console/usage', '/console/entries']) {
    await page.goto(path);
    await settle(page);
    await page.locator('.scroll table').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    // A4 on its side without its margins, at 96 pixels an inch.
    await page.setViewportSize({ width: 1017, height: 700 });
    const widest = Number(
      await page.evaluate('Math.max(...[...document.querySelectorAll(".scroll table")].map((one) => one.scrollWidth))'),
    );
    const shown = await page.evaluate('getComputedStyle(document.querySelector(".scroll")).overflowX');
    assert.equal(shown, 'visible', path);
    assert.ok(widest <= 1017, `${path}: ${widest}`);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  await page.goto('/console/playground');
  await settle(page);
  const prompt = page.locator('.playground-form textarea').nth(1);
  await prompt.fill('What is a charter?');
  await prompt.press('Control+Enter');
  await page.locator('.answer-column').first().waitFor();
  assert.equal(await page.locator('.asked').isVisible(), false);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.asked').textContent(), 'What is a charter?');
  assert.equal(await page.locator('.asked').isVisible(), true);
  await context.close();
});
