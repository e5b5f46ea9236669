#!/usr/bin/env node
/** Runs on any Node from 20 with nothing installed: brings the packages, then hands over to the Node that they contain. */
import { argv, execPath, exit, platform, stderr, versions } from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = fileURLToPath(new URL('..', import.meta.url));

/** What each name runs. All of it is TypeScript, for the Node that npm brings. */
const scripts = {
  start: ['src/main.ts', 'supervisor'],
  cli: ['src/main.ts', 'cli'],
  test: ['scripts/test.ts'],
  check: ['scripts/check.ts'],
  docs: ['scripts/make-documents.ts'],
  'docs:screenshots': ['scripts/make-screenshots.ts'],
  'bench:web': ['bench/web.ts'],
  'bench:gateway': ['bench/gateway.ts'],
  'bench:soak': ['bench/soak.ts'],
};

function stop(line) {
  stderr.write(`polity: ${line}\n`);
  exit(1);
}

if (Number(versions.node.split('.')[0]) < OLDEST_NODE) {
  stop(
    `this is Node ${versions.node}; Polity needs Node ${OLDEST_NODE} or newer to install itself: see https://nodejs.org`,
  );
}
const script = scripts[argv[2]];
if (script === undefined) stop(`say \`node scripts/run.mjs <script>\`, one of: ${Object.keys(scripts).join(', ')}`);

// Later, because an older Node could not even read these.
const { installPackages } = await import('./run/install-packages.mjs');
const { findNode } = await import('./run/find-node.mjs');
const { handOver } = await import('./run/hand-over.mjs');

await installPackages(root, stop);
const node = findNode(root);
if (node === null) stop(`npm has no Node 24 for ${platform}-${process.arch}: run this with a Node 24 of your own`);
// The pages are made of the same checkout: built when they are older than it.
if (argv[2] === 'start') {
  const { spawnSync } = await import('node:child_process');
  const { status } = spawnSync(node, ['scripts/build-web.ts'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) exit(1);
}
const [file, ...words] = script;
await handOver({ node, root, file, words: [...words, ...argv.slice(3)], isSelf: node === execPath });
