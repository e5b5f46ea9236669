/** ARCHITECTURE.md is held to the code: its folders, its steps with their exits, and its picture. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { readPlan } from '../scripts/arrows/plan.ts';
import { type ProblemEntry, problems } from '../src/kit/problems.ts';
import { listFolder, readText, root } from './read-tree.ts';

const document = await readText('ARCHITECTURE.md');
const plan = await readPlan(`${root}architecture.json`);
const statuses = new Map(
  Object.entries(problems as Record<string, ProblemEntry>).map(([code, { status }]) => [code, status]),
);

test('every folder of src/ has its line, in the order of architecture.json', async () => {
  const lines = [...document.matchAll(/^\| `src\/([a-z]+)\/` \|/gm)].map(([, folder]) => folder);
  assert.deepEqual(lines, Object.keys(plan.folders));
  const folders = (await listFolder('src')).filter((name) => !name.includes('.'));
  assert.deepEqual(folders, [...lines].sort());
});

const rows = [...document.matchAll(/^\| (\d) \| ([a-z-]+) \| .* \| ([\d ]+) \|$/gm)].map(([, number, name, exits]) => ({
  file: `${number}-${name}.ts`,
  exits: (exits as string).split(' ').map(Number),
}));

test('the table of steps is the listing of src/gateway/steps/', async () => {
  const steps = (await listFolder('src/gateway/steps')).filter((name) => /^\d-.*(?<!\.test)\.ts$/.test(name));
  assert.deepEqual(
    rows.map(({ file }) => file),
    steps,
  );
});

test('answer.ts calls the steps in the order of their numbers and has at most 70 lines', async () => {
  const text = await readText('src/gateway/answer.ts');
  const imported = [...text.matchAll(/from '\.\/steps\/(.*)'/g)].map(([, file]) => file);
  assert.deepEqual(
    imported,
    rows.map(({ file }) => file),
  );
  assert.ok(text.trimEnd().split('\n').length <= 70);
});

for (const { file, exits } of rows) {
  test(`the exits of ${file} are in the table`, async () => {
    const thrown = [...(await readText(`src/gateway/steps/${file}`)).matchAll(/new Problem\(\s*'([a-z-]+)'/g)];
    const missing = thrown
      .map(([, code]) => statuses.get(code as string) as number)
      .filter((status) => !exits.includes(status));
    assert.deepEqual(missing, []);
    const unknown = exits.filter((status) => ![...statuses.values()].includes(status));
    assert.deepEqual(unknown, [], 'not the status of any problem');
  });
}

test('no word is explained twice, and they stand in order', () => {
  const words = [...(document.split('## Words')[1] ?? '').matchAll(/^\| ([a-z ]+) \| /gm)].map(
    ([, word]) => word as string,
  );
  assert.ok(words.length >= 30);
  assert.deepEqual(words, [...new Set(words)].sort());
});
