import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const skipped = new Set(['node_modules', '.git', '.polity', 'dist', 'results']);

/** Every file of the project as a path from its root, with `/`, sorted. What is installed or generated at run time is left out. */
export async function listFiles(under = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, under), { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const path = relative(root, join(root, under, entry.name))
      .split(sep)
      .join('/');
    if (entry.isDirectory()) found.push(...(await listFiles(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

export async function readText(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8');
}

/** The names of the members of a folder, or nothing when there is no such folder. */
export async function listFolder(path: string): Promise<string[]> {
  return (await readdir(join(root, path)).catch(() => [])).sort();
}
