import type { Page } from 'playwright-core';
import { openPage, settle, type UsedService } from '../../test/web/open-service.ts';
import { slowestEventMs, watchEvents } from './watch-events.ts';

interface Step {
  readonly what: string;
  readonly path: string;
  act(page: Page): Promise<void>;
}

/** What people do most. Each is measured in a page that is loaded. */
function steps({ conversation }: UsedService): readonly Step[] {
  return [
    {
      what: 'typing a question',
      path: '/',
      act: (page) => page.locator('.composer textarea').pressSequentially('Kuidas registreerida lapse sündi?'),
    },
    { what: 'changing the language', path: '/', act: (page) => page.getByRole('button', { name: 'English' }).click() },
    {
      what: 'changing the theme',
      path: '/',
      act: async (page) => void (await page.locator('footer select').selectOption('dark')),
    },
    { what: 'opening a receipt', path: conversation, act: (page) => page.locator('.receipt > summary').click() },
    { what: 'going to another page', path: '/', act: (page) => page.locator('footer a[href="/privacy"]').click() },
    {
      what: 'filtering a table',
      path: '/console/keys',
      act: (page) => page.locator('input[type=search]').first().pressSequentially('ministry'),
    },
    {
      what: 'filtering the policies',
      path: '/console/policies',
      act: (page) => page.locator('input[type=search]').first().pressSequentially('teadus'),
    },
    { what: 'sorting a table', path: '/console/keys', act: (page) => page.locator('.sort').first().click() },
    {
      what: 'moving in the decision grid',
      path: '/console/grid',
      act: async (page) => {
        await page.locator('[role=gridcell]').first().click();
        for (let step = 0; step < 10; step += 1) await page.keyboard.press('ArrowDown');
      },
    },
  ];
}

/** The slowest input of each, milliseconds. */
export async function measureInteractions(service: UsedService): Promise<readonly (readonly [string, number])[]> {
  const measured: (readonly [string, number])[] = [];
  for (const { what, path, act } of steps(service)) {
    const { context, page } = await openPage(service, { theme: 'light', language: 'et' });
    await page.goto(path);
    await settle(page);
    await page.waitForLoadState('networkidle');
    await watchEvents(page);
    await act(page);
    measured.push([what, await slowestEventMs(page)]);
    await context.close();
  }
  return measured;
}
