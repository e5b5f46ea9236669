import type { Page } from 'playwright-core';
import { openPage, type UsedService } from '../../test/web/open-service.ts';
import { slowestEventMs, watchEvents } from './watch-events.ts';

const TURNS = 500;

interface Turn {
  readonly id: string;
  readonly parent: string | null;
}

/** The real conversation with its turn multiplied on the way to the page: a guest's quota allows no 500 questions. */
export async function measureLongConversation(service: UsedService) {
  const { context, page } = await openPage(service, {
    theme: 'light',
    language: 'et',
    viewport: { width: 1280, height: 860 },
  });
  await page.route(`**/api/conversations/${service.conversation.split('/').at(-1)}`, async (route) => {
    const view = (await (await route.fetch()).json()) as { turns: Turn[] };
    await route.fulfill({ json: { ...view, turns: multiply(view.turns[0] as Turn) } });
  });
  const startedMs = performance.now();
  await page.goto(service.conversation);
  await page
    .locator('.turn')
    .nth(TURNS - 1)
    .waitFor({ state: 'attached', timeout: 60_000 });
  const shownMs = performance.now() - startedMs;
  await page.waitForLoadState('networkidle');
  const frameP95Ms = await scrollThrough(page);
  await watchEvents(page);
  await page.locator('.composer textarea').pressSequentially('Ja kui vanemad ei ole abielus?');
  await page.locator('.turn summary').last().click();
  await page.locator('.composer textarea').click();
  const interactionMs = await slowestEventMs(page);
  await context.close();
  return { shownMs, frameP95Ms, interactionMs };
}

function multiply(turn: Turn): Turn[] {
  const idOf = (place: number) => (place === 0 ? turn.id : `${turn.id.slice(0, -4)}${String(place).padStart(4, '0')}`);
  return Array.from({ length: TURNS }, (_, place) => ({
    ...turn,
    id: idOf(place),
    parent: place === 0 ? null : idOf(place - 1),
  }));
}

/** From the end to the beginning, 300 pixels a frame, at most five seconds. */
async function scrollThrough(page: Page): Promise<number> {
  const frames = (await page.evaluate(`new Promise((resolve) => {
    const times = [];
    let last = performance.now();
    const first = last;
    scrollTo(0, document.documentElement.scrollHeight);
    const step = (now) => {
      times.push(now - last);
      last = now;
      scrollBy(0, -300);
      if (scrollY > 0 && now - first < 5000) requestAnimationFrame(step);
      else resolve(times.slice(2));
    };
    requestAnimationFrame(step);
  })`)) as number[];
  return frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? Number.POSITIVE_INFINITY;
}
