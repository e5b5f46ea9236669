import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { readPlan } from '../scripts/arrows/plan.ts';
import { type Breach, findBreaches } from '../scripts/arrows/rules.ts';
import { surveyHouse } from '../scripts/arrows/survey.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const plan = await readPlan(join(root, 'architecture.json'));

test('the code keeps every rule of architecture.json', async () => {
  assert.deepEqual(findBreaches(await surveyHouse(join(root, 'src')), plan), []);
});

test('every arrow leads to a folder that the plan knows, and none leads back', () => {
  const built = new Set<string>();
  for (const [folder, targets] of Object.entries(plan.folders)) {
    for (const target of targets) assert.ok(built.has(target), `${folder} → ${target} points at a floor above`);
    built.add(folder);
  }
});

/** A small house without a fault; each case below plants one. */
const sound: Record<string, string> = {
  'main.ts': `import './processes/gateway.ts';`,
  'processes/gateway.ts': `import { answer } from '../gateway/index.ts'; import '../store/index.ts'; answer();`,
  'gateway/index.ts': `/** The path. */\nexport { answer } from './answer.ts';`,
  'gateway/answer.ts': `import { Law } from '../policy/schema.ts'; export const answer = () => Law;`,
  'policy/schema.ts': `import { hash } from 'node:crypto'; export const Law = hash;`,
  'store/index.ts': `import 'node:fs'; import { verify } from '../ledger/verify/index.ts'; export default verify;`,
  'ledger/verify/index.ts': `import { utf8 } from '../../kit/browser.ts'; export const verify = utf8;`,
  'kit/browser.ts': `export const utf8 = 1;`,
};

const faults: readonly { title: string; rule: string; files: Record<string, string> }[] = [
  { title: 'an arrow between siblings', rule: 'arrow', files: { 'policy/schema.ts': `import '../safety/index.ts';` } },
  { title: 'an arrow upwards', rule: 'arrow', files: { 'policy/schema.ts': `import '../gateway/index.ts';` } },
  {
    title: 'a type-only arrow',
    rule: 'arrow',
    files: { 'policy/schema.ts': `import type { A } from '../safety/schema.ts';` },
  },
  {
    title: 'a type that is imported in place',
    rule: 'arrow',
    files: { 'policy/schema.ts': `export type A = import('../safety/schema.ts').A;` },
  },
  {
    title: 'a dynamic arrow',
    rule: 'arrow',
    files: { 'policy/schema.ts': `export const a = () => import('../safety/index.ts');` },
  },
  { title: 'a re-exported arrow', rule: 'arrow', files: { 'policy/schema.ts': `export * from '../safety/index.ts';` } },
  {
    title: 'an entry that is no door',
    rule: 'door',
    files: { 'gateway/answer.ts': `import '../policy/decide.ts'; export const answer = 1;`, 'policy/decide.ts': '' },
  },
  {
    title: 'a door of another folder',
    rule: 'door',
    files: { 'gateway/answer.ts': `import '../policy/browser.ts'; export const answer = 1;`, 'policy/browser.ts': '' },
  },
  { title: 'its own index', rule: 'own-index', files: { 'gateway/answer.ts': `export * from './index.ts';` } },
  {
    title: 'a cycle',
    rule: 'cycle',
    files: { 'policy/schema.ts': `import './a.ts'; export const Law = 1;`, 'policy/a.ts': `import './schema.ts';` },
  },
  {
    title: 'a cycle of types',
    rule: 'cycle',
    files: {
      'policy/schema.ts': `import './a.ts'; export const Law = 1;`,
      'policy/a.ts': `import type { Law } from './schema.ts';`,
    },
  },
  { title: 'files in the core', rule: 'core', files: { 'gateway/answer.ts': `import 'node:fs/promises';` } },
  { title: 'a package of another folder', rule: 'package', files: { 'gateway/answer.ts': `import 'pg';` } },
  { title: 'a package that nobody planned', rule: 'package', files: { 'store/index.ts': `import 'left-pad';` } },
  { title: 'Node in browser code', rule: 'browser', files: { 'ledger/verify/index.ts': `import 'node:crypto';` } },
  {
    title: 'Node behind browser code',
    rule: 'browser',
    files: {
      'kit/browser.ts': `import './digest.ts'; export const utf8 = 1;`,
      'kit/digest.ts': `import 'node:crypto';`,
    },
  },
  { title: 'a package in browser code', rule: 'browser', files: { 'kit/browser.ts': `import 'zod';` } },
  { title: 'an import of main', rule: 'main', files: { 'store/index.ts': `import '../main.ts';` } },
  { title: 'a way out of src', rule: 'outside', files: { 'store/index.ts': `import '../../scripts/run.ts';` } },
  { title: 'a dead file', rule: 'dead', files: { 'policy/forgotten.ts': '' } },
  { title: 'a folder that nobody planned', rule: 'folder', files: { 'shared/text.ts': '' } },
];

test('a sound house has no breach', async () => {
  assert.deepEqual(await breachesOf({}), []);
});

for (const { title, rule, files } of faults) {
  test(`caught: ${title}`, async () => {
    const rules = (await breachesOf(files)).map((breach) => breach.rule);
    assert.ok(rules.includes(rule), `expected a breach of \`${rule}\`, found ${JSON.stringify(rules)}`);
  });
}

test('an import whose address is computed is refused, because no rule can follow it', async () => {
  await assert.rejects(
    breachesOf({ 'store/index.ts': 'export const load = (name: string) => import(name);' }),
    /literal/,
  );
});

test('tests may look behind doors, and do not keep a cycle or an arrow alive', async () => {
  const files = { 'policy/schema.test.ts': `import '../gateway/answer.ts'; import '../../test/database.ts';` };
  assert.deepEqual(await breachesOf(files), []);
});

async function breachesOf(planted: Record<string, string>): Promise<Breach[]> {
  const src = await mkdtemp(join(tmpdir(), 'polity-arrows-'));
  try {
    for (const [file, text] of Object.entries({ ...sound, ...planted })) {
      await mkdir(dirname(join(src, file)), { recursive: true });
      await writeFile(join(src, file), text);
    }
    return findBreaches(await surveyHouse(src), plan);
  } finally {
    await rm(src, { recursive: true });
  }
}
