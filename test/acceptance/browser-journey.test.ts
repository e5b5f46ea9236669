/** Through a restart, and through a refusal: a real browser against installations of its own. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { charterVariant } from '../charter-variant.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { openBrowser, type TestBrowser } from '../web/open-browser.ts';
import { askQuestion, BIRTH } from '../web/open-service.ts';

/** An example code with a right check digit: 1 January 2015, no such person. */
const PERSONAL = 'Minu lapse isikukood on 51501010012, kuidas saan talle passi?';

const CREST = 'M2 2h20v14l-10 6-10-6z';

let chromium: TestBrowser;

before(async () => {
  chromium = await openBrowser();
});
after(() => chromium?.close());

async function waitChecked(page: Page): Promise<void> {
  await page
    .locator('.receipt')
    .first()
    .evaluate((receipt) => receipt.scrollIntoView());
  await page.locator('.receipt .state-ok').first().waitFor({ timeout: 20_000 });
}

test('after a restart the conversation is found, its receipt still holds; deleted, it is gone after the next', async () => {
  let polity: RunningPolity = await startPolity();
  const { data, port } = polity;
  const restart = async () => {
    await polity.stop();
    polity = await startPolity({ data, port });
  };
  try {
    const context = await chromium.browser.newContext({ baseURL: polity.url, locale: 'et' });
    const page = await context.newPage();
    const path = await askQuestion(page, BIRTH);
    await waitChecked(page);

    await restart();
    await page.goto('/conversations');
    await page.getByLabel('Otsi vestlustest').fill('lapse sünd');
    await page.locator(`.conversation-list a[href="${path}"]`).click();
    await page.waitForURL(`**${path}`);
    await waitChecked(page);
    await page.locator('.receipt > summary').first().click();
    assert.equal(await page.locator('.receipt .check-verified').count(), 6);

    await page.goto('/conversations');
    await page.getByRole('button', { name: /Kustuta vestlus/ }).click();
    await page.getByRole('button', { name: 'Kustuta jäädavalt' }).click();
    await page.getByText('Vestlusi veel ei ole').waitFor();
    await restart();
    await page.goto(path);
    await page.getByRole('heading', { name: 'Seda vestlust ei ole.' }).waitFor();
    await context.close();
  } finally {
    await polity.stop();
    await rm(data, { recursive: true, force: true });
  }
});

test('in a state’s own hue and crest, a refusal names clause and basis in the reader’s language, and the console says what would alter it', async () => {
  const charter = await charterVariant({
    // In this country guests may not tell about people.
    'tenants.yaml': (document) => document.setIn([4, 'clearance', 'caveats'], document.createNode([])),
    'charter.yaml': (document) => {
      document.setIn(['assistant', 'hue'], 30);
      document.setIn(['assistant', 'crest'], document.createNode({ viewBox: '0 0 24 24', path: CREST }));
    },
  });
  const polity = await startPolity({ charter });
  try {
    const context = await chromium.browser.newContext({ baseURL: polity.url, locale: 'et' });
    const page = await context.newPage();
    await askQuestion(page, PERSONAL);
    assert.equal(await page.locator('.name svg path').getAttribute('d'), CREST);
    const accent = await page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--accent')`);
    assert.match(String(accent), / 30\)/, 'the hue of the state');
    await page.locator('.kind.refused').waitFor();
    await page.getByText('Asutus ei tohi selle klassi andmeid käidelda.').first().waitFor();
    await page.getByRole('button', { name: 'Русский' }).click();
    await page.getByText('Учреждение не вправе обрабатывать данные этого класса.').first().waitFor();
    assert.match((await page.locator('.passage-side').first().textContent()) ?? '', /tenants\.yaml/);
    await waitChecked(page);
    await page.getByRole('button', { name: 'Оспорить отказ' }).waitFor();

    await page.goto(polity.adminUrl);
    await page.waitForURL('**/console');
    await page.goto('/console/entries?ended=refused');
    await page.locator('tbody a').first().click();
    await page.getByRole('heading', { level: 1, name: 'Почему этот запрос отклонён' }).waitFor();
    const changes = (await page.locator('.alternatives').textContent()) ?? '';
    assert.match(changes, /personal/, 'without personal data it would have been allowed');
    assert.doesNotMatch(await page.content(), /51501010012/);
    await context.close();
  } finally {
    await polity.dispose();
    await rm(charter, { recursive: true, force: true });
  }
});
