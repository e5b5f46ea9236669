import { readdirSync, readFileSync } from 'node:fs';
import { sha256Hex } from '../kit/index.ts';
import type { RedLineSet } from './schema.ts';

const folder = new URL('./red-lines/', import.meta.url);

/** The sets of red lines that this version of Polity brings. Read once, when a process starts. */
export function readRedLineSets(): readonly RedLineSet[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.cedar'))
    .sort();
  return files.map((file) => {
    const bytes = readFileSync(new URL(file, folder));
    return {
      name: file.replace(/\.cedar$/, ''),
      path: `red-lines/${file}`,
      text: bytes.toString('utf8'),
      sha256: sha256Hex(bytes),
    };
  });
}
