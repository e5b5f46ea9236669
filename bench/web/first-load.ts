import { request } from 'node:http';
import type { Page } from 'playwright-core';

/** HTML, CSS and script that a browser with an empty cache fetches for a page, as gzip: bytes of the bodies. */
export async function firstLoadBytes(page: Page, path: string): Promise<number> {
  const urls = new Set<string>();
  page.on('request', (asked) => {
    if (['document', 'stylesheet', 'script'].includes(asked.resourceType())) urls.add(asked.url());
  });
  await page.goto(path);
  await page.locator('main#content h1').waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  const sizes = await Promise.all([...urls].map(gzipBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function gzipBytes(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      response.on('end', () => resolve(size));
    });
    asked.once('error', reject);
    asked.end();
  });
}
