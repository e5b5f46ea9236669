/** `npm run check`: exactly what CI runs. Every step runs, the end says which failed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const bin = (name: string) => `node_modules/.bin/${name}`;
const steps: readonly [string, readonly string[]][] = [
  ['types', [bin('tsc'), '-p', '.']],
  ['lint', [bin('biome'), 'check', '--error-on-warnings', '.']],
  ['arrows', [process.execPath, 'scripts/check-arrows.ts']],
  ['dead code', [bin('knip'), '--no-progress']],
  ['documents', [process.execPath, 'scripts/make-documents.ts', '--check']],
  ['tests', [process.execPath, 'scripts/test.ts']],
];

const failed: string[] = [];
for (const [name, [program = '', ...words]] of steps) {
  if (!existsSync(program)) throw new Error(`${program} is missing: run npm ci`);
  const startedMs = performance.now();
  const { status } = spawnSync(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? 'check: all is well' : `check: failed in ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
