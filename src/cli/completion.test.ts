import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { allCommands } from './commands/all-commands.ts';
import { bashCompletion, fishCompletion, zshCompletion } from './completion.ts';

const script = bashCompletion(allCommands);

function complete(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const asked = `${script}\nCOMP_WORDS=(polity ${line}); COMP_CWORD=${words.length}; _polity; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', asked], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash can read both scripts that are written for it and for zsh', () => {
  for (const text of [script, zshCompletion(allCommands)]) {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  }
});

test('bash completes commands, their second words and their options', () => {
  assert.deepEqual(complete('sta').sort(), ['start', 'status']);
  assert.deepEqual(complete('keys', '').sort(), ['create', 'list', 'revoke']);
  assert.deepEqual(complete('keys', 'create', '--ten'), ['--tenant']);
  assert.deepEqual(complete('keys', 'create', '--tenant', 'agency', '--pur'), ['--purpose']);
  assert.deepEqual(complete('status', '--js'), ['--json']);
  assert.deepEqual(complete('nowhere', ''), []);
});

test('fish learns of every command, second word and option, with balanced quotes', () => {
  const lines = fishCompletion(allCommands).trim().split('\n').slice(1);
  for (const line of lines) assert.equal((line.match(/'/g) ?? []).length % 2, 0, line);
  for (const { name, options } of allCommands) {
    const last = name.split(' ').at(-1);
    assert.ok(
      lines.some((line) => line.includes(` -a ${last}`)),
      name,
    );
    for (const option of Object.keys(options)) {
      assert.ok(
        lines.some((line) => line.includes(`from ${last}'`) && line.includes(`-l ${option}`)),
        `${name} --${option}`,
      );
    }
  }
});
