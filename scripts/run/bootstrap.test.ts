/** The way in, seen with real processes: when packages are installed, and what reaches the program that runs. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'polity-run-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

function start(script: string, environment: Record<string, string> = {}): ChildProcess & { said: string } {
  const env = { ...process.env, ...environment };
  delete env.npm_lifecycle_event;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = Object.assign(child, { said: '' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      seen.said += text;
    });
  }
  return seen;
}

async function ended(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'close');
  return code as number | null;
}

const entry = { version: '1.0.0', integrity: 'sha512-x' };
const foreign = { version: '1.0.0', optional: true, os: ['aix'], cpu: ['ppc64'] };

/** A clone whose npm is a script that says that it was called. */
function clone(
  name: string,
  installed: object | null,
  npm = '',
): { root: string; install: () => ReturnType<typeof start> } {
  const root = join(folder, name);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, 'node_modules/a': entry, 'node_modules/b': foreign } }),
  );
  if (installed !== null)
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  const program = join(root, 'npm.js');
  writeFileSync(program, `require('node:fs').writeFileSync('called', process.argv.slice(2).join(' '));${npm}`);
  const script = `
    const { installPackages } = await import(${here('install-packages.mjs')});
    await installPackages(${JSON.stringify(root)}, (line) => { console.error(line); process.exit(1); });`;
  return { root, install: () => start(script, { npm_execpath: program }) };
}

test('an installation that fits the lockfile is taken as it is, whoever made it', async () => {
  const { root, install } = clone('fits', { 'node_modules/a': entry, 'node_modules/extraneous': entry });
  assert.equal(await ended(install()), 0);
  assert.equal(existsSync(join(root, 'called')), false);
  assert.match(readFileSync(join(root, 'node_modules/.polity-lock'), 'utf8'), /^[0-9a-f]{64}$/);
});

test('npm ci runs where a package is missing, has another digest, or an installation was cut short; not a second time', async () => {
  const others = { missing: {}, changed: { 'node_modules/a': { ...entry, integrity: 'sha512-y' } }, cut: null };
  for (const [name, installed] of Object.entries(others)) {
    const { root, install } = clone(name, installed);
    assert.equal(await ended(install()), 0);
    assert.match(readFileSync(join(root, 'called'), 'utf8'), /^ci --ignore-scripts /);
    rmSync(join(root, 'called'));
    assert.equal(await ended(install()), 0);
    assert.equal(existsSync(join(root, 'called')), false);
  }
});

test('an installation that fails says what npm said, without addresses, and is tried again next time', async () => {
  const complaint = `console.error('npm error code E404\\nnpm error 404 GET https://mirror.example.org/a - Not found'); process.exit(1);`;
  const { root, install } = clone('fails', null, complaint);
  const child = install();
  assert.equal(await ended(child), 1);
  assert.match(child.said, /npm ci failed: code E404; 404 GET \(the package registry\) - Not found; mend that/);
  assert.equal(existsSync(join(root, 'node_modules/.polity-lock')), false);
});

function handOver(name: string, program: string): ReturnType<typeof start> {
  const root = join(folder, name);
  mkdirSync(root);
  writeFileSync(join(root, 'program.mjs'), program);
  return start(`
    const { handOver } = await import(${here('hand-over.mjs')});
    await handOver({ node: process.execPath, root: ${JSON.stringify(root)}, file: 'program.mjs', words: ['a b', 'c'], isSelf: false });`);
}

const waiting = `setInterval(() => {}, 1000); console.log('here ' + process.pid);`;

async function pidOf(child: ReturnType<typeof start>): Promise<number> {
  while (!child.said.includes('here ')) await once(child.stdout as NodeJS.ReadableStream, 'data');
  return Number(/here (\d+)/.exec(child.said)?.[1]);
}

test('words and exit code pass through', async () => {
  const child = handOver('codes', 'console.log(process.argv.slice(2).join("|")); process.exit(7);');
  assert.equal(await ended(child), 7);
  assert.match(child.said, /a b\|c/);
});

test('a signal arrives once', async () => {
  const child = handOver(
    'signals',
    `let n = 0; process.on('SIGTERM', () => { n += 1; setTimeout(() => process.exit(40 + n), 200); }); ${waiting}`,
  );
  await pidOf(child);
  child.kill('SIGTERM');
  assert.equal(await ended(child), 41);
});

test('a program that a signal ended is told as a shell tells it', async () => {
  const child = handOver('ended', waiting);
  process.kill(await pidOf(child), 'SIGKILL');
  assert.equal(await ended(child), 128 + 9);
});

test('a bootstrap that was killed is noticed by the program', async () => {
  const child = handOver(
    'killed',
    `process.on('disconnect', () => { console.log('alone'); process.exit(0); }); ${waiting}`,
  );
  await pidOf(child);
  child.kill('SIGKILL');
  await ended(child);
  assert.match(child.said, /alone/);
});

test('an unknown script is one line that names those that are', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../run.mjs', import.meta.url)), 'tset'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  assert.equal(await ended(child), 1);
  assert.match(said, /^polity: .*start.*test.*check.*\n$/);
});
