import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exampleBytes } from '../../test/charter-files.ts';
import { root } from '../../test/read-tree.ts';
import { charterDigest } from '../charter/index.ts';
import { runCharterApply } from './charter-apply.ts';
import { runCharterCheck } from './charter-check.ts';
import { runCharterExplain } from './charter-explain.ts';

const scratch = mkdtempSync(join(tmpdir(), 'polity-cli-'));
after(() => rmSync(scratch, { recursive: true }));
const estonia = join(root, 'charters/estonia');

function screen() {
  const out: string[] = [];
  const err: string[] = [];
  return {
    out,
    err,
    output: { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) },
  };
}

function copyOf(name: string): string {
  const folder = join(scratch, name);
  cpSync(estonia, folder, { recursive: true });
  return folder;
}

test('the example passes the check without a warning', () => {
  const { out, err, output } = screen();
  assert.equal(runCharterCheck({ folder: estonia, json: false }, output), 0);
  assert.deepEqual(err, []);
  assert.equal(out.length, 1);
});

test('a check lists every mistake, counts them and says what it ignored', () => {
  const folder = copyOf('wrong');
  writeFileSync(join(folder, 'sites.yaml'), '- id: Tallinn\n');
  writeFileSync(join(folder, 'notes.txt'), 'x');
  writeFileSync(join(folder, 'policies/Old.cedar'), 'x');
  const { out, err, output } = screen();
  assert.equal(runCharterCheck({ folder, json: false }, output), 1);
  assert.deepEqual(out, []);
  assert.deepEqual(err.slice(0, 2), [
    'warning: notes.txt is no file of a charter and is ignored',
    'warning: policies/Old.cedar is no file of a charter and is ignored',
  ]);
  assert.match(err.at(-1) ?? '', /7 mistakes$/);
});

test('a check for programs prints one JSON document with places', () => {
  const folder = copyOf('json');
  writeFileSync(
    join(folder, 'tenants.yaml'),
    readFileSync(join(folder, 'tenants.yaml'), 'utf8').replace('kind: school', 'kind: scool'),
  );
  const { out, output } = screen();
  assert.equal(runCharterCheck({ folder, json: true }, output), 1);
  const { valid, errors } = JSON.parse(out.join('\n'));
  assert.equal(valid, false);
  assert.deepEqual(
    errors.map(({ file, line, column, nearest }: Record<string, unknown>) => [file, line, column, nearest]),
    [['tenants.yaml', 22, 9, 'school']],
  );
});

test('a folder that is not there is a problem with its name', () => {
  const folder = join(scratch, 'nowhere');
  assert.throws(() => runCharterCheck({ folder, json: false }, screen().output), {
    code: 'charter-invalid',
    message: `the charter folder \`${folder}\` cannot be read: it does not exist`,
  });
});

test('something that is no regular file is refused, not waited for', () => {
  const folder = copyOf('folder-as-file');
  rmSync(join(folder, 'sites.yaml'));
  cpSync(join(folder, 'policies'), join(folder, 'sites.yaml'), { recursive: true });
  assert.throws(() => runCharterCheck({ folder, json: false }, screen().output), /is not a regular file/);
});

for (const language of ['en', 'et']) {
  test(`the example reads as prose with the names in ${language}`, () => {
    const { out, output } = screen();
    assert.equal(runCharterExplain({ folder: estonia, language }, output), 0);
    const prose = `${out.join('\n').replace(charterDigest(exampleBytes()), '<digest>')}\n`;
    const golden = join(root, `test/golden/estonia-explained.${language}.md`);
    assert.equal(prose, readFileSync(golden, 'utf8'), `if it should read so now, write it to ${golden}`);
  });
}

test('apply sends the whole path and turns the answer into lines and an exit code', async () => {
  const changes = { added: ['policies/new.cedar'], changed: ['tenants.yaml'], removed: [] };
  const report = { digest: 'd', warnings: [], changes, signaturesNeeded: 0 };
  const answers = [
    [{ kind: 'adopted', ...report }, 0, ['added policies/new.cedar', 'changed tenants.yaml', 'x: in force, digest d']],
    [
      { kind: 'waiting', ...report, signaturesNeeded: 2 },
      2,
      ['added policies/new.cedar', 'changed tenants.yaml', 'x: kept as a proposal, digest d; it needs 2 signatures'],
    ],
    [
      { kind: 'invalid', errors: [{ file: 'a.yaml', line: 1, column: 2, found: 'b', expected: 'c' }] },
      1,
      ['a.yaml:1:2: found b, expected c', 'x: not applied; the charter in force stays'],
    ],
  ] as const;
  for (const [answer, code, lines] of answers) {
    const { out, err, output } = screen();
    const asked: string[] = [];
    const apply = async ({ folder }: { folder: string }) => {
      asked.push(folder);
      return answer;
    };
    assert.equal(await runCharterApply({ folder: 'x', json: false, apply }, output), code);
    assert.deepEqual([...out, ...err], lines);
    assert.deepEqual(asked, [join(process.cwd(), 'x')]);
  }
});

test('the example has exactly the files of a charter, beside its collection', () => {
  assert.deepEqual(
    [...exampleBytes().keys()].filter((path) => !path.startsWith('policies/')),
    readdirSync(estonia).filter((name) => name !== 'policies' && name !== 'knowledge'),
  );
});
