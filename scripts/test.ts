/** `npm test`: one PostgreSQL for the whole run, then every test file with Node's own runner. */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { startTestServer } from '../test/database.ts';

/** Tests of whole installations come last and one at a time: each has a database and a model of its own. */
const HEAVY = 'test/acceptance/';

const wanted = process.argv.slice(2);
const found = globSync(['src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts']).sort();
const files = wanted.length === 0 ? found : found.filter((file) => wanted.some((word) => file.includes(word)));
const light = files.filter((file) => !file.startsWith(HEAVY));
const heavy = files.filter((file) => file.startsWith(HEAVY));

const server = await startTestServer();
const run = (names: readonly string[], concurrency: number) =>
  new Promise<number>((resolve) => {
    if (names.length === 0) return resolve(0);
    const child = spawn(
      process.execPath,
      ['--test', `--test-concurrency=${concurrency}`, '--test-reporter=spec', ...names],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, POLITY_TEST_SERVER: server.url },
      },
    );
    child.on('exit', (code) => resolve(code ?? 1));
  });
try {
  console.log(`testing ${light.length} files, then ${heavy.length} of whole installations`);
  const codes = [await run(light, availableParallelism()), await run(heavy, 1)];
  process.exitCode = Math.max(...codes);
} finally {
  await server.remove();
}
