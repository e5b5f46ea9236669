/** House rules as code: what CONTRIBUTING.md asks of every file, held here so that no reviewer has to. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { readPlan } from '../scripts/arrows/plan.ts';
import { problems } from '../src/kit/problems.ts';
import { listFiles, listFolder, readText, root } from './read-tree.ts';

const files = await listFiles();
const code = files.filter((file) => /\.(ts|mjs)$/.test(file));
const plan = await readPlan(`${root}architecture.json`);
const texts = new Map(await Promise.all(code.map(async (file) => [file, await readText(file)] as const)));

const LINES_MAX = 300;
/** Tables and schemas: long because the world is, and read by looking up. */
const longByNature = new Set(['src/kit/problems.ts', 'src/charter/schema.ts']);

test(`no file is longer than ${LINES_MAX} lines`, (t) => {
  const lengths = [...texts].map(([file, text]) => ({ file, lines: text.trimEnd().split('\n').length }));
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
  t.diagnostic(`${lengths.length} files, median ${sorted[sorted.length >> 1]} lines, longest ${sorted.at(-1)}`);
  const tooLong = lengths.filter(({ file, lines }) => lines > LINES_MAX && !longByNature.has(file));
  assert.deepEqual(tooLong, [], 'split each by what it does');
});

test('no file name hides what the file is for', () => {
  const vague = /(^|[-/.])(utils?|helpers?|managers?|common|misc)([-/.]|$)/;
  assert.deepEqual(
    files.filter((file) => vague.test(file)),
    [],
    'name it for what it does',
  );
});

test('file names are kebab-case', () => {
  const odd = code.filter((file) => !/^[.a-z0-9/-]+$/.test(file));
  assert.deepEqual(odd, []);
});

test('each folder of src/ opens with an index whose header has at most ten lines', async () => {
  for (const folder of Object.keys(plan.folders)) {
    if (folder === 'processes') continue;
    const text = texts.get(`src/${folder}/index.ts`);
    assert.ok(text !== undefined, `src/${folder}/index.ts is missing`);
    assert.ok(headerLines(text) > 0, `src/${folder}/index.ts has no header comment`);
    assert.ok(headerLines(text) <= 10, `the header of src/${folder}/index.ts has more than ten lines`);
  }
});

test('the entry of each process says what it is', () => {
  for (const role of ['supervisor', 'ledger', 'gateway', 'model']) {
    const lines = headerLines(texts.get(`src/processes/${role}.ts`) ?? '');
    assert.ok(lines > 0 && lines <= 10, `src/processes/${role}.ts needs a header comment of at most ten lines`);
  }
});

function headerLines(text: string): number {
  return /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0].split('\n').length ?? 0;
}

test('the core asks its clock, not the system, for the time', () => {
  const core = code.filter((file) => {
    const folder = file.split('/')[1] as string;
    return file.startsWith('src/') && !file.endsWith('.test.ts') && !plan.edges.includes(folder);
  });
  const guilty = core.filter(
    (file) => file !== 'src/kit/clock.ts' && /\bDate\.now\(|\bnew Date\(\)/.test(texts.get(file) as string),
  );
  assert.deepEqual(
    guilty.filter((file) => file !== 'src/main.ts'),
    [],
    'take a Clock of kit/ as an argument',
  );
});

test('no test replaces a module of ours, and none runs alone', () => {
  const tests = code.filter((file) => file.endsWith('.test.ts'));
  const pattern = new RegExp(['mock\\.module', 'mock\\.method', '(test|it|describe)\\.only'].join('|'));
  assert.deepEqual(
    tests.filter((file) => pattern.test(texts.get(file) as string)),
    [],
  );
});

test('a note of work to do names its issue', () => {
  const note = /(\/\/|^\s*\*|\/\*).*\b(TODO|FIXME)\b(?!.*#\d+)/m;
  const guilty = [...texts].filter(([file, text]) => file !== 'test/tidy.test.ts' && note.test(text));
  assert.deepEqual(
    guilty.map(([file]) => file),
    [],
  );
});

test('no file names a place on the machine of whoever wrote it', async () => {
  const place = new RegExp(
    ['work', 'root', 'home/[a-z]', 'Users/[A-Za-z]'].map((name) => `(^|[\\s"'\`(=:])/${name}\\b`).join('|'),
  );
  const guilty: string[] = [];
  for (const file of files.filter((name) => /\.(ts|mjs|md|json|ya?ml|sql|cedar|txt|sh)$/.test(name))) {
    if (place.test(texts.get(file) ?? (await readText(file)))) guilty.push(file);
  }
  assert.deepEqual(guilty, []);
});

test('SQL stands in src/store/ alone', () => {
  const sql = /[`'"]\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE) /;
  const files = code.filter((file) => file.startsWith('src/') && !file.endsWith('.test.ts'));
  const found = files.filter((file) => !file.startsWith('src/store/') && sql.test(texts.get(file) as string));
  assert.deepEqual(found, [], 'move the question into src/store/');
});

test('each step of the path has its test', async () => {
  const names = await listFolder('src/gateway/steps');
  const steps = names.filter((name) => /^\d-.*(?<!\.test)\.ts$/.test(name));
  const bare = steps.filter((name) => !names.includes(name.replace(/\.ts$/, '.test.ts')));
  assert.deepEqual(bare, []);
});

test('each problem is provoked by a test', () => {
  const tests = [...texts].filter(([file]) => file.endsWith('.test.ts') && file !== 'test/tidy.test.ts');
  const all = tests.map(([, text]) => text).join('\n');
  assert.deepEqual(
    Object.keys(problems).filter((name) => !all.includes(`'${name}'`)),
    [],
  );
});
