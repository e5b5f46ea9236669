import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Debian's own, where the machine has it: it brings its libraries. */
const INSTALLED = '/usr/bin/chromium';

/** A real Chromium: the machine's, or the one that npm brings. */
export async function openBrowser(): Promise<TestBrowser> {
  const found = existsSync(INSTALLED) ? { path: INSTALLED, environment: {}, dispose: async () => {} } : await unpack();
  const browser = await chromium.launch({
    executablePath: found.path,
    env: { ...process.env, ...found.environment },
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', '--headless=new'],
  });
  return {
    browser,
    async close() {
      await browser.close();
      await found.dispose();
    },
  };
}

/** The package has the browser compressed, and the libraries that a bare machine lacks beside it. */
async function unpack() {
  const { default: packed } = await import('@sparticuz/chromium');
  const path = await packed.executablePath();
  const folder = await mkdtemp(join(tmpdir(), 'polity-browser-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin');
  const archive = [join(bin, 'al2023.tar.br'), join(bin, '../../bin/al2023.tar.br')].find((file) => existsSync(file));
  if (archive === undefined) return { path, environment: {}, dispose };
  const tar = spawnSync('tar', ['-x', '-C', folder], { input: brotliDecompressSync(await readFile(archive)) });
  if (tar.status !== 0) throw new Error(`the browser's libraries cannot be unpacked: ${String(tar.stderr)}`);
  const libraries = join(folder, 'lib');
  const before = process.env.LD_LIBRARY_PATH;
  const environment = hasOwnLibraries()
    ? {}
    : { LD_LIBRARY_PATH: before === undefined ? libraries : `${libraries}:${before}` };
  return { path, environment, dispose };
}

function hasOwnLibraries(): boolean {
  const known = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' });
  return known.status === 0 && known.stdout.includes('libnss3.so');
}
