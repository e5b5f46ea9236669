/** `npm run docs:screenshots`: every page of a used installation, in four looks, into docs/screenshots. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openUsedService } from '../test/web/open-service.ts';
import { indexPage } from './screenshots/index-page.ts';
import { type Look, looks } from './screenshots/looks.ts';
import { shownPages } from './screenshots/shown-pages.ts';
import { takePicture } from './screenshots/take-picture.ts';

const folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
console.log('starting an installation, and a citizen and an operator in it');
const service = await openUsedService();
try {
  const pages = shownPages(service);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) await rm(join(folder, name));
  let bytes = 0;
  for (const look of looks) bytes += await takeLook(look, pages);
  await writeFile(join(folder, 'README.md'), indexPage(pages));
  console.log(`${pages.length * looks.length} pictures, ${(bytes / 1e6).toFixed(1)} MB, in docs/screenshots`);
} finally {
  await service.close();
}

async function takeLook(look: Look, pages: ReturnType<typeof shownPages>): Promise<number> {
  let bytes = 0;
  for (const page of pages) {
    const picture = await takePicture(service, page, look);
    await writeFile(join(folder, `${page.name}-${look.name}.webp`), picture);
    bytes += picture.length;
  }
  console.log(`${look.title}: ${pages.length} pages`);
  return bytes;
}
