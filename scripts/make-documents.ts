/** Writes every page that is made from the code (`npm run docs`); with `--check` it only says which are stale. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allPages } from './pages/all-pages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCheck = process.argv.includes('--check');
const pages = await allPages(root);
const stale: string[] = [];
for (const [path, text] of pages) {
  if ((await readFile(root + path, 'utf8').catch(() => null)) === text) continue;
  stale.push(path);
  if (isCheck) continue;
  await mkdir(dirname(root + path), { recursive: true });
  await writeFile(root + path, text);
}
for (const name of await readdir(`${root}docs/problems`)) {
  const path = `docs/problems/${name}`;
  if (pages.has(path)) continue;
  stale.push(path);
  if (!isCheck) await rm(root + path);
}
for (const path of stale) console.log(`${path} ${isCheck ? 'is stale: run npm run docs' : 'is made anew'}`);
console.log(`documents: ${pages.size} pages from the code, ${stale.length} stale`);
if (isCheck && stale.length > 0) process.exitCode = 1;
