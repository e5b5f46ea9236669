import type { Page } from 'playwright-core';

/** From now on the page keeps how long each input took until the next frame was drawn (Event Timing, rounded to 8 ms). */
export async function watchEvents(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.slowestMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.slowestMs = Math.max(globalThis.slowestMs, duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });
  `);
}

/** The slowest input since the last call, milliseconds; inputs below 16 ms count as 16. */
export async function slowestEventMs(page: Page): Promise<number> {
  // Entries come after the frame was drawn.
  await page.waitForTimeout(250);
  return Number(
    await page.evaluate('{ const ms = globalThis.slowestMs; globalThis.slowestMs = 0; Math.max(16, ms); }'),
  );
}
