/** `npm run check`: exactly what CI runs. Every step runs; the end says which failed, and how many tests did. */
import { spawn } from 'node:child_process';

const bin = (name: string) => `node_modules/.bin/${name}`;
const node = process.execPath;
const steps: readonly [string, readonly string[]][] = [
  ['types', [bin('tsc'), '-p', '.']],
  ['types of the web', [bin('tsc'), '-p', 'web']],
  ['lint', [bin('biome'), 'check', '--error-on-warnings', '.']],
  ['arrows', [node, 'scripts/check-arrows.ts']],
  ['dead code', [bin('knip'), '--no-progress']],
  ['documents', [node, 'scripts/make-documents.ts', '--check']],
  ['tests', [node, 'scripts/test.ts']],
];

/** Passes on what a step says. Its last line is what the whole check ends with, if it counts tests. */
function runStep([program = '', ...words]: readonly string[]): Promise<{ isRight: boolean; lastLine: string }> {
  const child = spawn(program, words, { cwd: `${import.meta.dirname}/..`, stdio: ['ignore', 'pipe', 'inherit'] });
  let tail = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    tail = (tail + text).slice(-1000);
  });
  // Ctrl-C reaches the step too; what it started must have ended before we do.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (cause) => {
      console.error(cause.message);
      resolve({ isRight: false, lastLine: '' });
    });
    child.once('close', (code) => resolve({ isRight: code === 0, lastLine: tail.trimEnd().split('\n').at(-1) ?? '' }));
  });
}

const failed: string[] = [];
let counts = '';
for (const [name, command] of steps) {
  const startedMs = performance.now();
  const { isRight, lastLine } = await runStep(command);
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
  if (!isRight) failed.push(name);
  if (/^\d+ passed, \d+ failed$/.test(lastLine)) counts = lastLine;
}
console.log(failed.length === 0 ? 'check: all is well' : `check: failed in ${failed.join(', ')}`);
if (counts !== '') console.log(counts);
process.exitCode = failed.length === 0 ? 0 : 1;
