/** Builds the web when what it is made of has changed: `web/dist`, each text file also as brotli and gzip. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'web/dist');
/** Written last: what an interruption leaves behind has no stamp. */
const stamp = join(dist, '.stamp');
/** What the pages import from the server's side: types, the kit, the verifier. */
const sources = ['web', 'src/kit', 'src/ledger', 'package-lock.json'];

const digest = digestOf(sources);
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) process.exit(0);
const startedMs = performance.now();
process.stderr.write('building the web (a few seconds, once for each version)\n');
const fault = await build();
if (fault !== null) {
  process.stderr.write(`polity: the web could not be built: ${fault}\n`);
  process.stderr.write(
    'polity: restore web/ as it was released, or mend what is named above, and run the command again\n',
  );
  process.exit(1);
}
compressAll();
reportSizes();
writeFileSync(stamp, digest);
process.stderr.write(`the web is built (${((performance.now() - startedMs) / 1000).toFixed(1)} s)\n`);

async function build(): Promise<string | null> {
  try {
    // Only where there is something to build: reading the bundler takes longer than looking.
    const { build: bundle } = await import('vite');
    await bundle({ configFile: join(root, 'web/vite.config.ts') });
    return null;
  } catch (cause) {
    return (cause as Error).message;
  }
}

function digestOf(names: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of names.flatMap((name) => filesUnder(join(root, name)))) {
    hash.update(`${relative(root, path)}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => name !== 'dist' && !name.includes('.test.'))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]));
  } catch {
    return [path];
  }
}

function compressAll(): void {
  for (const path of filesIn(dist).filter((name) => /\.(html|js|css|svg)$/.test(name))) {
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

/** Gzip of what the first page needs is a bar of the project; the rest comes when it is asked for. */
function reportSizes(): void {
  const sizes = filesIn(dist)
    .filter((name) => name.endsWith('.gz'))
    .map((path) => ({ name: relative(dist, path).slice(0, -3), kb: readFileSync(path).length / 1000 }))
    .toSorted((a, b) => b.kb - a.kb);
  for (const { name, kb } of sizes.slice(0, 8))
    process.stderr.write(`  ${kb.toFixed(1).padStart(6)} kB gzip  ${name}\n`);
}
