/** Every document is held to what it speaks of: links, commands, settings and examples. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { allPages } from '../scripts/pages/all-pages.ts';
import { listFiles, listFolder, readText, root } from './read-tree.ts';

const files = await listFiles();
const documents = new Map(
  await Promise.all(
    files.filter((file) => file.endsWith('.md')).map(async (file) => [file, await readText(file)] as const),
  ),
);
/** The documents that speak of the code; the others (charters, model pages) speak of the world. */
const guides = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'];

test('every relative link leads to a file that exists', () => {
  const broken: string[] = [];
  for (const [file, text] of documents) {
    for (const [, address] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (address === undefined || /^[a-z]+:/.test(address) || address.startsWith('/')) continue;
      const [path, heading] = address.split('#') as [string, string?];
      const target = path === '' ? file : posix.join(posix.dirname(file), path);
      const exists =
        documents.has(target) || files.includes(target) || files.some((name) => name.startsWith(`${target}/`));
      if (!exists || (heading !== undefined && !headingsOf(target).includes(heading)))
        broken.push(`${file} → ${address}`);
    }
  }
  assert.deepEqual(broken, []);
});

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

function headingsOf(document: string): string[] {
  const headings = documents.get(document)?.match(/^#+ .*$/gm) ?? [];
  return headings.map((line) =>
    line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every path of the project that a document names exists', () => {
  const missing: string[] = [];
  for (const [file, text] of documents) {
    for (const [, path] of text.matchAll(/`((?:src|docs|scripts|test|bench|charters|packs|web|deploy)\/[^`\s]*)`/g)) {
      if (path === undefined || /[<*…]|NNNN/.test(path)) continue;
      const folder = path.endsWith('/') ? path : `${path}/`;
      if (!files.includes(path) && !files.some((name) => name.startsWith(folder))) missing.push(`${file}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
});

test('every npm command that a guide names exists', async () => {
  const { scripts } = JSON.parse(await readText('package.json')) as { scripts: Record<string, string> };
  const missing = guides.flatMap((guide) =>
    [...(documents.get(guide) ?? '').matchAll(/\bnpm (?:run ([a-z:]+)|(start|test))\b/g)]
      .map((found) => (found[1] ?? found[2]) as string)
      .filter((name) => !Object.hasOwn(scripts, name)),
  );
  assert.deepEqual(missing, []);
});

test('every command of ./polity that a document names exists', async () => {
  const { allCommands } = await import('../src/cli/commands/all-commands.ts');
  const names = allCommands.map(({ name }) => name);
  const missing = new Set<string>();
  for (const [file, text] of documents) {
    for (const [, first, second] of text.matchAll(/\.\/polity ([a-z]+)(?: ([a-z]+))?/g)) {
      const isKnown = names.some((name) => name === first || name === `${first} ${second}`);
      const isGroup = second === undefined && names.some((name) => name.startsWith(`${first} `));
      if (!isKnown && !isGroup) missing.add(`${file}: ${first} ${second ?? ''}`);
    }
  }
  assert.deepEqual([...missing], []);
});

test('the settings that README lists are those that the code reads', async () => {
  const settings = (documents.get('README.md') ?? '').split('## Settings')[1]?.split('\n## ')[0] ?? '';
  const listed = [...settings.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name as string);
  const read = new Set<string>();
  for (const file of files.filter((name) => /^(src|scripts)\/.*(?<!\.test)\.(ts|mjs)$/.test(name))) {
    const text = await readText(file);
    for (const [, name] of text.matchAll(/\benv(?:ironment)?(?:\.|\[')([A-Z][A-Z0-9_]+)/g)) read.add(name as string);
  }
  for (const name of ownUse) read.delete(name);
  assert.deepEqual([...read].sort(), listed.sort());
});

/** Read by the code, but set by the system or by Polity for its own child processes. */
const ownUse = [
  'NODE_COMPILE_CACHE',
  'POLITY_PROCESS_CONFIG',
  'PATH',
  'HOME',
  'LD_LIBRARY_PATH',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'NO_COLOR',
];

test('every page that is made from the code is fresh', async () => {
  const pages = await allPages(root);
  for (const [path, text] of pages) {
    const kept = documents.get(path) ?? (await readFile(root + path, 'utf8').catch(() => undefined));
    assert.equal(kept, text, `${path}: run npm run docs`);
  }
  const extra = (await listFolder('docs/problems')).filter((name) => !pages.has(`docs/problems/${name}`));
  assert.deepEqual(extra, [], 'no such problem');
});

test('the TypeScript of README passes the compiler', async () => {
  const blocks = blocksOf('ts');
  assert.ok(blocks.length > 0);
  const cache = `${root}node_modules/.cache`;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(`${cache}/readme-`);
  try {
    const names = blocks.map((_, i) => `${i}.ts`);
    await Promise.all(names.map((name, i) => writeFile(`${folder}/${name}`, blocks[i] as string)));
    const settings = {
      extends: `${root}tsconfig.json`,
      compilerOptions: { types: ['node'] },
      include: [],
      files: names,
    };
    await writeFile(`${folder}/tsconfig.json`, JSON.stringify(settings));
    const run = promisify(execFile)(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', folder]);
    await assert.doesNotReject(run.catch((fault: { stdout: string }) => Promise.reject(new Error(fault.stdout))));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the Python of README parses, where there is a Python', async (t) => {
  for (const block of blocksOf('python')) {
    const child = promisify(execFile)('python3', ['-c', 'import ast,sys; ast.parse(sys.argv[1])', block]);
    const fault = await child.then(() => null).catch((error: { code: unknown; stderr?: string }) => error);
    if (fault?.code === 'ENOENT') t.skip('no python3');
    else assert.equal(fault, null, fault?.stderr);
  }
});

test('the body that README sends with curl is JSON', () => {
  const bodies = blocksOf('sh').flatMap((block) =>
    [...block.matchAll(/-d '([^']*)'/g)].map(([, body]) => body as string),
  );
  assert.ok(bodies.length > 0);
  for (const body of bodies) assert.doesNotThrow(() => JSON.parse(body));
});

function blocksOf(language: string): string[] {
  const text = documents.get('README.md') ?? '';
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block]) => block as string,
  );
}
