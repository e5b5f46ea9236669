/** House rules of the project's papers: what it depends on, what it decided, what changed. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { listFiles, listFolder, readText } from './read-tree.ts';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly optionalDependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

const manifest = JSON.parse(await readText('package.json')) as Manifest;
const records = (await listFolder('docs/decisions')).filter((name) => /^\d/.test(name));
const recordTexts = new Map(
  await Promise.all(records.map(async (name) => [name, await readText(`docs/decisions/${name}`)] as const)),
);

const RECORD_LINES_MAX = 60;
const headings = ['## Context', '## Decision', '## What we gave up', '## How we will know it was wrong'];

for (const [name, text] of recordTexts) {
  test(`decision record ${name} has its four headings on one page`, () => {
    assert.match(name, /^\d{4}-[a-z0-9-]+\.md$/);
    assert.match(text, new RegExp(`^# ${name.slice(0, 4)} `), `the title begins with \`# ${name.slice(0, 4)} \``);
    assert.deepEqual(text.match(/^## .*$/gm), headings);
    assert.ok(text.trimEnd().split('\n').length <= RECORD_LINES_MAX, `at most ${RECORD_LINES_MAX} lines`);
  });
}

test('no two decision records share a number', () => {
  const numbers = records.map((name) => name.slice(0, 4));
  assert.deepEqual(numbers, [...new Set(numbers)]);
});

test('the index of decisions lists every record with its title', async () => {
  const listed = (await readText('docs/decisions/README.md')).match(/^- .*$/gm) ?? [];
  const titles = [...recordTexts].map(([name, text]) => `- [${/^# (.*)$/m.exec(text)?.[1]}](${name})`);
  assert.deepEqual(listed, titles);
});

const sources = await Promise.all(
  (await listFiles('src'))
    .filter((path) => path.endsWith('.ts'))
    .map(async (path) => ({ path, text: await readText(path) })),
);

/** `pg` of `pg`, `@scope/name` of `@scope/name/part`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

test('the server needs fewer than 30 packages to run, each at one version, each named in a decision record', () => {
  const all = [...recordTexts.values()].join('\n');
  // What the server's own code imports; fonts, React and the bundler are the browser's.
  const named = new Set(
    sources.flatMap(({ text }) =>
      [...text.matchAll(/(?:from|import\()\s*'([^'.][^']*)'/g)].map(([, name = '']) => packageOf(name)),
    ),
  );
  const ofServer = Object.keys(manifest.dependencies).filter((name) => named.has(name));
  assert.ok(ofServer.length > 10 && ofServer.length < 30, `${ofServer.length} packages: ${ofServer.join(', ')}`);
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+/, `${name} is not pinned to one version`);
    const said = all.includes(name) || all.includes(name.replace(/\/[^/]+$/, '/*'));
    assert.ok(said, `no decision record names \`${name}\``);
  }
});

interface LockEntry {
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = await readText('package-lock.json');
const locked = Object.entries((JSON.parse(lock) as { packages: Record<string, LockEntry> }).packages);

/** Linux with glibc on x64 and arm64: what README promises. */
function isForUs({ os, cpu, libc }: LockEntry): boolean {
  const machine = cpu?.some((name) => name === 'x64' || name === 'arm64') ?? true;
  return machine && (os?.includes('linux') ?? true) && !libc?.includes('musl');
}

test('the lockfile pins by digest and names no registry', () => {
  assert.doesNotMatch(lock, /"resolved":\s*"https?:/);
  const loose = locked.filter(([path, entry]) => path !== '' && entry.integrity === undefined);
  assert.deepEqual(
    loose.filter(([, entry]) => entry.optional !== true || isForUs(entry)).map(([path]) => path),
    [],
    'without a digest',
  );
});

test('the lockfile names every optional package, for `npm ci` refuses a lockfile that leaves out those of other machines', () => {
  const names = new Set(locked.map(([path]) => path.replace(/^.*node_modules\//, '')));
  const missing = locked.flatMap(([, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter((name) => !names.has(name)),
  );
  assert.deepEqual(missing, []);
});

test('no install script of a package ever runs', async () => {
  assert.match(await readText('.npmrc'), /^ignore-scripts=true$/m);
});

test('each release in the changelog says what changed under the four headings only', async () => {
  const text = await readText('CHANGELOG.md');
  const releases = text.split(/^## /m).slice(1);
  assert.ok(releases.length > 0);
  for (const release of releases) {
    const title = release.split('\n', 1)[0] as string;
    assert.match(title, /^(Not yet released|\d+\.\d+\.\d+, \d{4}-\d{2}-\d{2})$/);
    const found: readonly string[] = release.match(/^### .*$/gm) ?? [];
    const order = ['### Security and sovereignty', '### Behaviour', '### Formats', '### Fixes'];
    assert.deepEqual(
      found,
      order.filter((heading) => found.includes(heading)),
      `headings of ${title}`,
    );
  }
});

test('the version of the package is the newest release, or is not yet released', async () => {
  const [newest] = /^## .*$/m.exec(await readText('CHANGELOG.md')) ?? [];
  const { version } = JSON.parse(await readText('package.json')) as { version: string };
  assert.ok(newest === '## Not yet released' || newest?.startsWith(`## ${version},`));
});
