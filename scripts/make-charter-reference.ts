/** Writes docs/spec/charter.md from the schemas that check a charter. Run it after changing them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { charterReferencePage } from './pages/charter-reference.ts';

const folder = fileURLToPath(new URL('../docs/spec/', import.meta.url));
await mkdir(folder, { recursive: true });
await writeFile(`${folder}charter.md`, charterReferencePage());
console.log('docs/spec/charter.md');
