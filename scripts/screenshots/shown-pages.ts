import type { Page } from 'playwright-core';
import type { UsedService } from '../../test/web/open-service.ts';

export interface ShownPage {
  /** Part of the file's name. */
  readonly name: string;
  readonly title: string;
  readonly path: string;
  /** Nobody is signed in. */
  readonly isStranger?: true;
  /** What is done on the page before the picture. */
  act?(page: Page): Promise<void>;
}

/** Every page of the web, in the order of a visit. */
export function shownPages({ conversation, receipt, refusedEntry }: UsedService): readonly ShownPage[] {
  return [
    { name: 'assistant', title: 'Assistant, first page', path: '/' },
    { name: 'answer', title: 'Quoted answer', path: conversation },
    { name: 'answer-receipt', title: 'Quoted answer with its receipt open', path: conversation, act: openReceipt },
    { name: 'conversations', title: 'Conversations', path: '/conversations' },
    { name: 'record', title: 'Public record', path: '/record' },
    { name: 'record-entries', title: 'Public entries', path: '/record/entries' },
    { name: 'check', title: 'Check a receipt', path: '/record/receipt' },
    { name: 'receipt', title: 'A receipt, checked', path: `/record/receipt/${receipt}`, act: waitChecked },
    { name: 'privacy', title: 'Privacy notice', path: '/privacy' },
    { name: 'accessibility', title: 'Accessibility statement', path: '/accessibility' },
    { name: 'help', title: 'Help and contact', path: '/help' },
    { name: 'console-signed-out', title: 'Console, nobody signed in', path: '/console', isStranger: true },
    { name: 'console', title: 'Console, overview', path: '/console' },
    { name: 'console-backends', title: 'Backends', path: '/console/backends' },
    { name: 'console-policies', title: 'Policies', path: '/console/policies' },
    { name: 'console-grid', title: 'Decision grid', path: '/console/grid' },
    { name: 'console-decide', title: 'Try other facts', path: '/console/decide' },
    { name: 'console-charter', title: 'Charter', path: '/console/charter' },
    { name: 'console-log', title: 'Log, checked here', path: '/console/log', act: checkLog },
    { name: 'console-entries', title: 'Entries', path: '/console/entries' },
    {
      name: 'console-entry',
      title: 'Why a request was refused',
      path: `/console/entries/decisions-2026h2/${refusedEntry}`,
    },
    { name: 'console-keys', title: 'Keys and tenants', path: '/console/keys' },
    { name: 'console-playground', title: 'Models side by side', path: '/console/playground', act: askTwice },
    { name: 'console-usage', title: 'Usage and budgets', path: '/console/usage' },
    { name: 'console-cases', title: 'Contested answers', path: '/console/cases' },
  ];
}

const PATIENCE = { timeout: 20_000 };

async function askTwice(page: Page): Promise<void> {
  const prompt = page.locator('.playground-form textarea').nth(1);
  await prompt.fill('Write one sentence about the sea.');
  await prompt.press('Control+Enter');
  await page.locator('.answer-column[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: 60_000 });
}

async function openReceipt(page: Page): Promise<void> {
  // A receipt is checked when it comes into view.
  await page
    .locator('.receipt')
    .first()
    .evaluate((receipt) => receipt.scrollIntoView());
  await page.locator('.receipt .state-ok').first().waitFor(PATIENCE);
  await page.locator('.receipt > summary').first().click();
}

async function waitChecked(page: Page): Promise<void> {
  await page.locator('.receipt .state-ok').first().waitFor(PATIENCE);
}

async function checkLog(page: Page): Promise<void> {
  await page.locator('.log-check button').first().click();
  await page.locator('.log-check .state-ok').first().waitFor(PATIENCE);
}
