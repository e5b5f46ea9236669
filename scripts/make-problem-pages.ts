/** Writes docs/problems/: one page per code of src/kit/problems.ts, and an index. Run it after changing the catalogue. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { problemPages } from './pages/problem-page.ts';

const folder = fileURLToPath(new URL('../docs/problems/', import.meta.url));
const pages = problemPages();
await mkdir(folder, { recursive: true });
for (const name of await readdir(folder)) if (!pages.has(name)) await rm(`${folder}${name}`);
for (const [name, text] of pages) await writeFile(`${folder}${name}`, text);
console.log(`docs/problems: ${pages.size - 1} pages and an index`);
