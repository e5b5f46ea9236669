/** Writes the picture of the folders into ARCHITECTURE.md, between its markers, from architecture.json. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readPlan } from './arrows/plan.ts';
import { placeDiagram } from './pages/folder-diagram.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = `${root}ARCHITECTURE.md`;
await writeFile(file, placeDiagram(await readFile(file, 'utf8'), await readPlan(`${root}architecture.json`)));
console.log('ARCHITECTURE.md: the folder diagram is current');
