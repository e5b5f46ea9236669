import assert from 'node:assert/strict';
import test from 'node:test';
import { allPaths, openPage, openUsedService, settle, type UsedService } from './open-service.ts';
import { runAxe } from './run-axe.ts';

let service: UsedService;

test.before(async () => {
  service = await openUsedService();
});
test.after(() => service?.close());

/** Controls that a reader could not tell from text: neither a border nor an underline nor the browser's own look. */
const BARE_CONTROLS = `[...document.querySelectorAll('button, input, select, textarea, a[href], summary')]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('nav, header, .unseen, .skip'))
  .filter((element) => {
    const style = getComputedStyle(element);
    const isBordered = ['top', 'bottom', 'inlineStart'].some((side) => {
      const name = side === 'inlineStart' ? 'Left' : side[0].toUpperCase() + side.slice(1);
      return style['border' + name + 'Style'] !== 'none' && parseFloat(style['border' + name + 'Width']) >= 1;
    });
    const isUnderlined = style.textDecorationLine.includes('underline');
    const isNative = style.appearance !== 'none' && element.matches('input, select, textarea');
    const hasSign = element.querySelector('svg') !== null || element.closest('th, summary, .composer') !== null;
    return !isBordered && !isUnderlined && !isNative && !hasSign;
  })
  .map((element) => element.outerHTML.slice(0, 120))`;

/** Verdicts carry a shape and a word, so nothing is lost with the colours. */
const WORDLESS_STATES = `[...document.querySelectorAll('.state, .where')]
  .filter((element) => element.checkVisibility())
  .filter((element) => element.querySelector('svg') === null || element.textContent.trim() === '')
  .map((element) => element.outerHTML.slice(0, 120))`;

/** Drawings must take the colours of the system: a fixed ink may vanish on its background. */
const FIXED_MARKS = `[...document.querySelectorAll('svg.mark, svg.shape, svg.icon, svg.lucide')]
  .filter((svg) => svg.checkVisibility())
  .filter((svg) => {
    const text = getComputedStyle(svg.parentElement).color;
    const { stroke, fill, color } = getComputedStyle(svg);
    return ![stroke, fill, color].includes(text) && ![stroke, fill].includes(color);
  })
  .map((svg) => svg.outerHTML.slice(0, 120))`;

for (const scheme of ['light', 'dark'] as const) {
  test(`in forced colours, ${scheme}: controls keep an edge, verdicts a shape and a word, marks the system's ink`, async () => {
    const { context, page, faults } = await openPage(service, {
      theme: scheme,
      language: 'en',
      forcedColors: 'active',
      colorScheme: scheme,
    });
    for (const path of allPaths(service)) {
      await page.goto(path);
      await settle(page);
      await page.waitForLoadState('networkidle');
      assert.equal(await page.evaluate(`matchMedia('(forced-colors: active)').matches`), true);
      assert.deepEqual(await page.evaluate(BARE_CONTROLS), [], path);
      assert.deepEqual(await page.evaluate(WORDLESS_STATES), [], path);
      assert.deepEqual(await page.evaluate(FIXED_MARKS), [], path);
      await page.keyboard.press('Tab');
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      assert.notEqual(outline, 'none', `${path}: the focus is not to be seen`);
      assert.deepEqual(await runAxe(page), [], path);
      assert.deepEqual(faults, [], path);
    }
    await context.close();
  });
}
