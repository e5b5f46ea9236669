/** A whole installation that people have already used: what the tests of the pages, the pictures and the bench begin with. */
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { openBrowser, type TestBrowser } from './open-browser.ts';

type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>;

export interface UsedService {
  readonly polity: RunningPolity;
  readonly chromium: TestBrowser;
  /** Of a guest with a conversation who is signed in as an administrator too. */
  readonly cookies: Cookies;
  /** Path of the guest's conversation: one quoted answer, contested. */
  readonly conversation: string;
  /** Id of the receipt under it. */
  readonly receipt: string;
  /** Number of an entry that the law refused, in the same log. */
  readonly refusedEntry: string;
  close(): Promise<void>;
}

export const BIRTH = 'Kuidas registreerida lapse sündi?';
const LOG = 'decisions-2026h2';

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
  '/console',
  '/console/backends',
  '/console/policies',
  '/console/grid',
  '/console/decide',
  '/console/charter',
  '/console/log',
  '/console/entries',
  '/console/keys',
  '/console/cases',
  '/console/playground',
  '/console/usage',
];

/** Every address of the web, those of one conversation, receipt and entry included. */
export function allPaths({ conversation, receipt, refusedEntry }: UsedService): readonly string[] {
  const single = [conversation, `/record/receipt/${receipt}`, `/console/entries/${LOG}/${refusedEntry}`];
  return [...publicPaths, ...consolePaths, ...single];
}

export async function openUsedService(): Promise<UsedService> {
  const [polity, chromium] = await Promise.all([startPolity(), openBrowser()]);
  const close = async () => {
    await chromium.close();
    await polity.dispose();
  };
  try {
    await callWithKey(polity, 'public');
    await callWithKey(polity, 'secret');
    const context = await chromium.browser.newContext({ baseURL: polity.url, locale: 'et' });
    const page = await context.newPage();
    await page.goto(polity.adminUrl);
    await page.waitForURL('**/console');
    const conversation = await askQuestion(page, BIRTH);
    const view = await context.request.get(`/api/conversations/${conversation.split('/').at(-1)}`);
    const turn = ((await view.json()) as { turns: { id: string; receiptId: string }[] }).turns[0];
    await contest(page, turn?.id ?? '');
    const refusedEntry = await waitEntries(context);
    const cookies = await context.storageState();
    await context.close();
    return { polity, chromium, cookies, conversation, receipt: turn?.receiptId ?? '', refusedEntry, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Types a question on the first page and waits until the answer is whole. Gives the path of the conversation. */
export async function askQuestion(page: Page, question: string): Promise<string> {
  await page.goto('/');
  await page.locator('.composer textarea').fill(question);
  await page.keyboard.press('Enter');
  await page
    .locator('.turn[aria-busy="false"]')
    .waitFor({ timeout: 30_000 })
    .catch(async (cause: Error) => {
      throw new Error(`no answer came; the page says: ${await page.locator('body').textContent()}`, { cause });
    });
  return new URL(page.url()).pathname;
}

async function contest(page: Page, turn: string): Promise<void> {
  const status = await page.evaluate(async (id) => {
    const response = await fetch(`/api/turns/${id}/contest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'incomplete', words: 'Kirjas ei ole, mida teha välismaal.' }),
    });
    return response.status;
  }, turn);
  if (status >= 300) throw new Error(`the answer could not be contested: ${status}`);
}

async function callWithKey({ url, apiKey }: RunningPolity, level: string): Promise<void> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'x-polity-classification': level,
    },
    body: JSON.stringify({ model: 'auto', max_tokens: 8, messages: [{ role: 'user', content: 'What is a charter?' }] }),
  });
  await response.arrayBuffer();
}

/** Until the refusal and the quoted answer are in the record. */
async function waitEntries(context: BrowserContext): Promise<string> {
  for (let round = 0; round < 100; round += 1) {
    const page = (await (await context.request.get('/api/record/entries')).json()) as {
      entries: { index: string; ended: string; kind: string }[];
    };
    const refused = page.entries.find(({ ended }) => ended === 'refused');
    if (refused !== undefined && page.entries.some(({ kind, ended }) => kind === 'quoted' && ended === 'complete'))
      return refused.index;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the record has not shown the first entries within ten seconds');
}

export interface Look extends BrowserContextOptions {
  readonly theme: 'light' | 'dark';
  readonly language: string;
}

/** A page of the used installation, with what it complained of and whom else it called. */
export async function openPage({ polity, chromium, cookies }: UsedService, { theme, language, ...options }: Look) {
  const context = await chromium.browser.newContext({ baseURL: polity.url, storageState: cookies, ...options });
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
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== new URL(polity.url).origin)
      faults.push(`called ${url.origin}`);
  });
  return { context, page, faults };
}

/** The heading is there, and nothing is loading any more. */
export async function settle(page: Page): Promise<void> {
  await page.locator('main#content h1').waitFor({ state: 'attached', timeout: 10_000 });
  await page.locator('.still').first().waitFor({ state: 'detached', timeout: 10_000 });
}
