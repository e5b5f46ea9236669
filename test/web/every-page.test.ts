import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { root } from '../start-polity.ts';
import { allPaths, openPage, openUsedService, settle, type UsedService } from './open-service.ts';
import { runAxe } from './run-axe.ts';

let service: UsedService;

test.before(async () => {
  service = await openUsedService();
});

test.after(() => service?.close());

for (const theme of ['light', 'dark'] as const) {
  for (const language of ['et', 'en', 'ru', 'ar']) {
    test(`every page in ${theme}, ${language}: one heading, no complaint, nobody else called, axe finds nothing, 320 px hold it`, async () => {
      const { context, page, faults } = await openPage(service, { theme, language });
      for (const path of allPaths(service)) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(path);
        await settle(page);
        assert.equal(await page.locator('h1').count(), 1, path);
        assert.deepEqual(await runAxe(page), [], path);
        await page.setViewportSize({ width: 320, height: 700 });
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, `${path} scrolls sideways`);
        assert.deepEqual(faults, [], path);
      }
      await context.close();
    });
  }
}

test('a link inside the page moves the focus to the heading, the first page does not', async () => {
  const { context, page } = await openPage(service, { theme: 'light', language: 'en' });
  await page.goto('/');
  await page.locator('main#content h1').waitFor();
  assert.notEqual(await page.evaluate('document.activeElement.tagName'), 'H1');
  await page.locator('footer a[href="/privacy"]').click();
  await page.waitForURL('**/privacy');
  await page.locator('h1:focus').waitFor({ timeout: 10_000 });
  await context.close();
});

test('an administrator link signs in once and leaves no token in the address', async () => {
  const { stdout } = spawnSync(process.execPath, ['src/main.ts', 'cli', 'admin', 'link'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, POLITY_DATA: service.polity.data },
  });
  const link = stdout.trim().split('\n').at(-1) ?? '';
  const { page } = await openPage(service, {
    theme: 'light',
    language: 'en',
    storageState: { cookies: [], origins: [] },
  });
  await page.goto(link);
  await page.waitForURL('**/console');
  assert.equal(new URL(page.url()).hash, '');
  const { page: again } = await openPage(service, {
    theme: 'light',
    language: 'en',
    storageState: { cookies: [], origins: [] },
  });
  await again.goto(link);
  await again.locator('[role=alert]').waitFor();
  for (const one of [page, again]) await one.context().close();
});
