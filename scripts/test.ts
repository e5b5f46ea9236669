/** `npm test`: one PostgreSQL for the whole run, then every test file with Node's own runner. */
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from '../test/database.ts';

/** Tests of whole installations come last and one at a time: each has a database and a model of its own. */
const HEAVY = /^test\/(acceptance\/|web\/every)/;

const wanted = process.argv.slice(2);
const found = globSync(['src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts']).sort();
const files = wanted.length === 0 ? found : found.filter((file) => wanted.some((word) => file.includes(word)));
const light = files.filter((file) => !HEAVY.test(file));
const heavy = files.filter((file) => HEAVY.test(file));

/** Where each part of the run leaves its counts. */
const counts = mkdtempSync(join(tmpdir(), 'polity-counts-'));
const server = await startTestServer();
const run = (part: string, names: readonly string[], concurrency: number) =>
  new Promise<number>((resolve) => {
    if (names.length === 0) return resolve(0);
    const reporters = { spec: 'stdout', './scripts/run/count-tests.mjs': join(counts, part) };
    const flags = Object.entries(reporters).flatMap(([name, to]) => [
      `--test-reporter=${name}`,
      `--test-reporter-destination=${to}`,
    ]);
    const child = spawn(process.execPath, ['--test', `--test-concurrency=${concurrency}`, ...flags, ...names], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, POLITY_TEST_SERVER: server.url },
    });
    // Ctrl-C reaches the runner too; we stay until it has ended, for the server must be stopped.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
    child.on('exit', (code) => resolve(code ?? 1));
  });

function countOf(part: string): { passed: number; failed: number } {
  try {
    const { passed, failed, cancelled } = JSON.parse(readFileSync(join(counts, part), 'utf8')) as Record<
      string,
      number
    >;
    return { passed: passed ?? 0, failed: (failed ?? 0) + (cancelled ?? 0) };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

try {
  console.log(`testing ${light.length} files, then ${heavy.length} of whole installations`);
  const codes = [await run('light', light, availableParallelism()), await run('heavy', heavy, 1)];
  const both = [countOf('light'), countOf('heavy')];
  const passed = both.reduce((sum, part) => sum + part.passed, 0);
  const failed = both.reduce((sum, part) => sum + part.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = Math.max(...codes);
} finally {
  rmSync(counts, { recursive: true, force: true });
  await server.remove();
}
