import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { allPaths, openPage, openUsedService, settle, type UsedService } from './open-service.ts';

let service: UsedService;

test.before(async () => {
  service = await openUsedService();
});
test.after(() => service?.close());

/** What the focus must reach, in the order of the document: radios of one group are one stop. */
const STOPS = `(() => {
  const groups = new Set();
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter((element) => {
      if (element.tabIndex < 0 || element.disabled || !element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type === 'radio') {
        const key = element.name;
        const chosen = document.querySelector('input[type=radio][name="' + CSS.escape(key) + '"]:checked');
        return chosen === null ? !groups.has(key) && groups.add(key) : element === chosen;
      }
      return true;
    })
    .map((element, place) => (element.dataset.stop = String(place)));
})()`;

const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  // A field may be marked by the frame around it.
  const isFramed = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  };
  const box = element.getBoundingClientRect();
  return {
    stop: element.dataset.stop ?? null,
    hasParts: element.type === 'date',
    name: element.outerHTML.slice(0, 90),
    isMarked: isFramed(element) || isFramed(element.parentElement) || isFramed(element.closest('form, label') ?? element),
    isSeen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
})()`;

interface Focused {
  readonly stop: string | null;
  /** A date: day, month and year are told apart by Tab. */
  readonly hasParts: boolean;
  readonly name: string;
  readonly isMarked: boolean;
  readonly isSeen: boolean;
}

test('Tab reaches everything that can be pressed, once and in order, always marked and in sight, and ends', async () => {
  for (const language of ['et', 'ar']) {
    const { context, page } = await openPage(service, { theme: 'light', language });
    for (const path of allPaths(service)) {
      await page.goto(path);
      await settle(page);
      await page.waitForLoadState('networkidle');
      await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
      const stops = (await page.evaluate(STOPS)) as string[];
      const reached: string[] = [];
      for (;;) {
        await page.keyboard.press('Tab');
        const focused = (await page.evaluate(FOCUSED)) as Focused | null;
        // After the last one the browser's own controls come, or the page begins again.
        if (focused === null || focused.stop === reached[0]) break;
        assert.ok(focused.stop !== null, `${path}: not meant to have the focus: ${focused.name}`);
        assert.ok(focused.isMarked, `${path}: the focus is not to be seen on ${focused.name}`);
        assert.ok(focused.isSeen, `${path}: the focus is out of sight on ${focused.name}`);
        // Day, month and year of a date are the browser's own stops inside one field.
        if (focused.hasParts && focused.stop === reached.at(-1)) continue;
        reached.push(focused.stop);
        assert.ok(reached.length <= stops.length, `${path}: the focus goes round and round`);
      }
      assert.deepEqual(reached, stops, path);
    }
    await context.close();
  }
});

test('the first stop leads past the navigation to the content', async () => {
  const { context, page } = await openPage(service, { theme: 'light', language: 'en' });
  for (const path of ['/', '/record', '/console']) {
    await page.goto(path);
    await settle(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const isInside = await page.evaluate('document.querySelector("main").contains(document.activeElement)');
    assert.equal(isInside, true, path);
  }
  await context.close();
});

/** Presses Tab until the focus is on what has these words. */
async function tabTo(page: Page, words: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab');
    const said = String(
      await page.evaluate(
        `(() => { const e = document.activeElement; return e === document.body ? '' : (e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText ?? ''); })()`,
      ),
    );
    if (words.test(said)) return;
    passed.push(said.slice(0, 30).replaceAll('\n', ' '));
  }
  assert.fail(`Tab does not reach ${words}, only ${passed.join(' | ')}`);
}

test('ask, open and check the receipt, contest, change the language and delete, by keyboard alone', async () => {
  const { context, page } = await openPage(service, { theme: 'light', language: 'en' });
  await page.goto('/');
  await settle(page);
  await page.locator('.composer textarea').waitFor();
  await tabTo(page, /^Your question/);
  await page.keyboard.type('How do I register the birth of a child?');
  await page.keyboard.press('Enter');
  await page.locator('.turn[aria-busy="false"]').waitFor({ timeout: 30_000 });
  await page.locator('.receipt .state-ok').waitFor({ timeout: 20_000 });
  await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');

  await tabTo(page, /Entry \d/);
  await page.keyboard.press('Enter');
  await page.locator('.receipt[open]').waitFor();
  await tabTo(page, /Check again/);
  await page.keyboard.press('Space');
  await page.locator('.receipt .check-verified').nth(5).waitFor();

  await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
  await tabTo(page, /Contest this answer/);
  await page.keyboard.press('Enter');
  await tabTo(page, /in your words/i);
  await page.keyboard.type('A step is missing.');
  await tabTo(page, /^Contest the answer/);
  await page.keyboard.press('Enter');
  await page.getByText(/Contested, case \d{4}-\d{5}/).waitFor();

  const path = new URL(page.url()).pathname;
  await page.goto('/conversations');
  await settle(page);
  await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
  await tabTo(page, /^Русский/);
  await page.keyboard.press('Enter');
  await page.locator('html[lang=ru]').waitFor();
  await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
  await tabTo(page, /^Удалить/);
  await page.keyboard.press('Enter');
  // The way back has the focus; what cannot be undone stands before it.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.locator(`main a[href="${path}"]`).waitFor({ state: 'detached' });
  await context.close();
});
