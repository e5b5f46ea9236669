import { openPage, settle, type UsedService } from '../../test/web/open-service.ts';
import type { Look } from './looks.ts';
import type { ShownPage } from './shown-pages.ts';

const HEIGHT = 860;
/** Longer pages are cut: a picture is to be looked at. */
const LONGEST = 2_600;
const QUALITY = 70;
const nobody = { cookies: [], origins: [] };

/** One page in one look, as WebP. @throws when the page complains of anything */
export async function takePicture(service: UsedService, shown: ShownPage, look: Look): Promise<Buffer> {
  const { theme, language, width } = look;
  const viewport = { width, height: HEIGHT };
  const storageState = shown.isStranger ? nobody : service.cookies;
  const { context, page, faults } = await openPage(service, { theme, language, viewport, storageState });
  try {
    await page.goto(shown.path);
    await settle(page);
    await shown.act?.(page);
    await page.waitForLoadState('networkidle');
    // A browser writes every answer of 401 into its console, also the one that says that nobody is signed in.
    const real = faults.filter((fault) => !(shown.isStranger && fault.includes('401')));
    if (real.length > 0) throw new Error(`${shown.path}: ${real.join('; ')}`);
    const whole = await page.evaluate('document.documentElement.scrollHeight');
    const height = Math.min(LONGEST, Math.max(HEIGHT, Number(whole)));
    // What sticks to the window belongs to its end, so the window becomes as high as the page.
    await page.setViewportSize({ width, height });
    const devtools = await context.newCDPSession(page);
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
    return Buffer.from(data, 'base64');
  } finally {
    await context.close();
  }
}
