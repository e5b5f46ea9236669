import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRedLineSets } from '../policy/index.ts';
import { runCharterCheck } from './charter-check.ts';
import type { Output } from './charter-output.ts';
import { findCountry, type InitCountry } from './init-country.ts';

const template = new URL('./init-template/', import.meta.url);

export interface InitArguments {
  /** An ISO 3166-1 code or a name. */
  readonly country: string;
  /** Where to write; `charters/<country>` when undefined. */
  readonly folder?: string | undefined;
}

/** Writes a commented charter that passes the check. Asks nothing and overwrites nothing. Exit codes: 0, 1 (refused). */
export function runInit({ country, folder }: InitArguments, output: Output): number {
  const found = findCountry(country);
  if (found.kind === 'unknown') {
    const hint = found.nearest === undefined ? '' : `; did you mean \`${found.nearest}\`?`;
    output.err(`\`${country}\` is neither an ISO 3166-1 code nor the name of a country${hint}`);
    return 1;
  }
  const target = folder ?? join('charters', found.country.slug);
  if (existsSync(target) && !isEmptyFolder(target)) {
    output.err(`\`${target}\` is already there and is not overwritten; name another place with \`--folder\``);
    return 1;
  }
  for (const [path, text] of templateFiles(found.country, target)) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), text, { flag: 'wx' });
  }
  output.out(`wrote ${target}: a draft charter for ${found.country.name}, with places marked TODO`);
  const code = runCharterCheck({ folder: target, json: false }, output);
  output.out(
    `next: edit the files, then \`./polity charter explain ${target}\`, then \`POLITY_CHARTER=${target} npm start\``,
  );
  return code;
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

function templateFiles(country: InitCountry, folder: string): Map<string, string> {
  const sets = readRedLineSets().filter(
    (set) => set.name === 'universal' || (set.name === 'eu' && country.blocs.includes('EU')),
  );
  const words: Readonly<Record<string, string>> = {
    CODE: country.code,
    NAME: JSON.stringify(country.name).slice(1, -1),
    SLUG: country.slug,
    PREFIX: country.code.toLowerCase(),
    FOLDER: folder,
    LANGUAGES: country.language === 'en' ? '[en]' : `[${country.language}, en]`,
    BLOCS: country.blocs.join(', '),
    CURRENCY: country.currency ?? 'XXX',
    CURRENCY_NOTE: country.currency === null ? 'TODO: your currency; XXX stands for none.' : '',
    RED_LINES: sets.map((set) => `\n  - set: ${set.name}\n    sha256: ${set.sha256}`).join(''),
  };
  const files = readdirSync(template, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8').replaceAll(
        /__([A-Z_]+?)__/g,
        (whole, key: string) => words[key] ?? whole,
      );
      return [path.slice(new URL(template).pathname.length), text.replaceAll(/ +$/gm, '')];
    }),
  );
}
