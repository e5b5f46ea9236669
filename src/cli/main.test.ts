import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../test/read-tree.ts';
import { allCommands } from './commands/all-commands.ts';
import { runCommandLine } from './main.ts';

const scratch = mkdtempSync(join(tmpdir(), 'polity-cli-'));
after(() => rmSync(scratch, { recursive: true }));

async function run(...line: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const code = await runCommandLine({ line, environment: { POLITY_DATA: join(scratch, 'nothing') }, output });
  return { code, out, err };
}

test('without words, or asked for help, it lists every command with a summary', async () => {
  for (const line of [[], ['--help'], ['-h'], ['help']]) {
    const { code, out, err } = await run(...line);
    assert.deepEqual([code, err], [0, []]);
    for (const { name, summary } of allCommands) {
      assert.ok(
        out.some((row) => row.trim().startsWith(name) && row.endsWith(summary)),
        name,
      );
    }
  }
});

for (const command of allCommands) {
  test(`\`${command.name}\` tells its usage, options, examples and exit codes`, async () => {
    const words = command.name.split(' ');
    const asked = await run(...words, '--help');
    assert.deepEqual(asked, await run('help', ...words));
    assert.deepEqual([asked.code, asked.err], [0, []]);
    const titles = asked.out.filter((line) => /^[a-z ]+:$/.test(line));
    assert.deepEqual(titles, ['usage:', 'options:', 'examples:', 'exit codes:']);
    for (const option of Object.keys(command.options)) {
      assert.ok(
        asked.out.some((line) => line.includes(`--${option}`)),
        option,
      );
    }
    assert.ok(command.usage.every((usage) => usage.startsWith(command.name)));
    const usage = command.usage.join(' ');
    for (const option of Object.keys(command.options))
      assert.ok(usage.includes(`--${option}`) || usage.includes('[options]'), `usage says nothing of --${option}`);
    assert.ok(command.examples.length > 0);
    assert.ok(Object.keys(command.exitCodes).includes('0') && Object.keys(command.exitCodes).includes('2'));
    assert.ok(
      asked.out.every((line) => line.length <= 120),
      'fits a screen',
    );
  });
}

const wrong: readonly [string[], RegExp][] = [
  [['statsu'], /no command `statsu`; did you mean `.\/polity status`/],
  [['keys', 'creat'], /no command `keys creat`; did you mean `.\/polity keys create`/],
  [['help', 'docter'], /did you mean `.\/polity doctor`/],
  [['xyzzyxyzzy'], /see `.\/polity help`/],
  [['keys', 'create', '--tennant', 'agency'], /no option `--tennant`; did you mean `--tenant`/],
  [['keys', 'create', '--tenant'], /`--tenant` needs a value/],
  [['keys', 'create', '--tenant', '--json'], /`--tenant` needs a value/],
  [['status', '--json=yes'], /takes no value/],
  [['status', 'now'], /takes no `now`/],
  [['init'], /name a country/],
  [['completion', 'tcsh'], /name the shell/],
  [['stop', '--wait', 'long'], /whole seconds/],
  [['keys', 'create'], /name the tenant/],
  [['keys', 'create', '--tenant', 'agency', '--purpose', 'drafting', '--expires', 'soon'], /`--expires` takes days/],
  [['keys', 'revoke'], /name the key/],
  [['verify'], /name a file/],
  [['log', 'export', 'decisions'], /log export <name> <folder>/],
];

for (const [line, says] of wrong) {
  test(`\`${line.join(' ')}\` is refused in one line with what is nearest`, async () => {
    const { code, out, err } = await run(...line);
    assert.deepEqual([code, out, err.length], [2, [], 1]);
    assert.match(err[0] ?? '', /^polity: /);
    assert.match(err[0] ?? '', says);
  });
}

test('a first word with several commands lists those on standard error', async () => {
  const { code, out, err } = await run('keys');
  assert.deepEqual([code, out], [2, []]);
  assert.ok(err.some((line) => line.includes('keys revoke')));
  assert.ok(!err.some((line) => line.includes('charter check')));
  assert.equal((await run('keys', '--help')).code, 0);
});

test('commands that need the running instance say that there is none, and exit with 3', async () => {
  for (const line of [['status'], ['stop'], ['keys', 'list'], ['admin', 'link'], ['charter', 'apply']]) {
    const { code, out, err } = await run(...line);
    assert.deepEqual([code, out], [3, []], line.join(' '));
    assert.deepEqual(err, [`polity: nothing runs on ${join(scratch, 'nothing')}: start it with \`npm start\``]);
  }
});

test('a mistake in the environment is one line and exit code 1', async () => {
  const err: string[] = [];
  const output = { out: () => {}, err: (text: string) => void err.push(text) };
  assert.equal(await runCommandLine({ line: ['doctor'], environment: { PORT: 'eighty' }, output }), 1);
  assert.deepEqual(err, ['polity: PORT is `eighty`; write a whole number from 1 to 65535']);
});

test('a file that is not there is one line with its name', async () => {
  for (const line of [
    ['verify', '/nowhere/receipt.json'],
    ['charter', 'check', '/nowhere'],
  ]) {
    const { code, err } = await run(...line);
    assert.equal(code, 1);
    assert.ok(err.every((text) => !text.includes('    at ')));
    assert.ok(err.some((text) => text.includes('/nowhere')));
  }
});

test('`./polity` works from any folder and through a link, and passes words and exit codes on', () => {
  const link = join(scratch, 'polity-link');
  symlinkSync(join(root, 'polity'), link);
  const said = execFileSync(link, ['--version'], { cwd: scratch, encoding: 'utf8' });
  assert.match(said, /^\d+\.\d+\.\d+\n$/);
  const refused = spawnSync(link, ['keys', 'list', '--tenant', 'a b'], {
    cwd: '/',
    encoding: 'utf8',
    env: { ...process.env, POLITY_DATA: join(scratch, 'nothing') },
  });
  assert.deepEqual([refused.status, refused.stdout], [3, '']);
});

test('a reader that leaves early is no fault', () => {
  const piped = spawnSync('sh', ['-c', `'${join(root, 'polity')}' completion fish | head -1`], { encoding: 'utf8' });
  assert.deepEqual([piped.status, piped.stderr], [0, '']);
});
