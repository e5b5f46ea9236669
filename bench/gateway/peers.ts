/** Other gateways, in versions that are known to run. They are not dependencies of ours: `--install` brings them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The newest on npm on 2026-11-24. */
const PORTKEY = '1.15.2';
/** A version of the same weeks whose requirements all resolve from PyPI. */
const LITELLM = '1.106.2';
const UV = '0.13.9';
const HOW = 'run once with `--install`';

export type Found = { readonly path: string } | { readonly skipped: string };

/** First place of a program in PATH. */
export function findCommand(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

const portkeyFolder = (cache: string) => join(cache, `portkey-${PORTKEY}`);
const litellmFolder = (cache: string) => join(cache, `litellm-${LITELLM}`);

export function findPortkey(cache: string): Found {
  const path = join(portkeyFolder(cache), 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (existsSync(path)) return { path };
  return { skipped: `@portkey-ai/gateway ${PORTKEY} is not in ${portkeyFolder(cache)}: ${HOW}` };
}

export function findLitellm(cache: string): Found {
  const path = join(litellmFolder(cache), 'venv/bin/litellm');
  if (existsSync(path)) return { path };
  return { skipped: `litellm ${LITELLM} is not in ${litellmFolder(cache)}: ${HOW}; needs Python 3.10 or newer` };
}

/** Brings what is missing, from npm and PyPI through their own programs. A failure is said and leaves a gap in the table. */
export function installPeers(cache: string, wanted: readonly string[]): void {
  const installers = { Portkey: [findPortkey, installPortkey], LiteLLM: [findLitellm, installLitellm] } as const;
  for (const [name, [find, install]] of Object.entries(installers)) {
    if (!wanted.includes(name) || 'path' in find(cache)) continue;
    console.log(`installing ${name} into ${cache}`);
    try {
      install(cache);
    } catch (cause) {
      console.log(`${name} could not be installed: ${(cause as Error).message.split('\n').slice(0, 3).join(' | ')}`);
    }
  }
}

function run(command: string, words: readonly string[], folder: string): void {
  execFileSync(command, [...words], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
}

function installPortkey(cache: string): void {
  const folder = portkeyFolder(cache);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@portkey-ai/gateway@${PORTKEY}`], folder);
}

/** With uv, because pip takes twenty minutes to resolve it. Without uv in PATH, one is put into the cache. */
function installLitellm(cache: string): void {
  const python = findCommand('python3');
  if (python === null) throw new Error('no `python3` here');
  const folder = litellmFolder(cache);
  mkdirSync(folder, { recursive: true });
  let uv = findCommand('uv');
  if (uv === null) {
    run(python, ['-m', 'venv', 'uv'], folder);
    run(join(folder, 'uv/bin/pip'), ['install', '--quiet', `uv==${UV}`], folder);
    uv = join(folder, 'uv/bin/uv');
  }
  run(uv, ['venv', '--quiet', 'venv'], folder);
  run(uv, ['pip', 'install', '--quiet', '--python', 'venv/bin/python', `litellm[proxy]==${LITELLM}`], folder);
}
