import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../test/read-tree.ts';
import { freePort } from '../../test/start-polity.ts';

const scratch = mkdtempSync(join(tmpdir(), 'polity-cli-'));
const data = join(scratch, 'data');
const port = await freePort();

function polity(line: readonly string[], environment: Record<string, string> = {}): SpawnSyncReturns<string> {
  // A model that is not there: nothing is fetched in this test.
  const own = { PORT: String(port), POLITY_DATA: data, POLITY_MODEL: join(scratch, 'none.gguf') };
  return spawnSync(join(root, 'polity'), line, {
    encoding: 'utf8',
    cwd: scratch,
    env: { ...process.env, ...own, ...environment },
  });
}

after(() => {
  polity(['stop']);
  rmSync(scratch, { recursive: true, force: true });
});

test('a start in the background returns when it serves, keeps its secrets out of the log, and ends with `stop`', () => {
  const started = polity(['start', '--detach', '--json']);
  assert.equal(started.status, 0, started.stderr);
  const ready = JSON.parse(started.stdout);
  assert.equal(ready.url, `http://localhost:${port}`);
  assert.match(ready.apiKey, /^pk_/);
  assert.deepEqual(readdirSync(join(data, 'logs')), ['polity.log']);
  assert.equal(statSync(ready.log).mode & 0o777, 0o600);
  assert.ok(!readFileSync(ready.log, 'utf8').includes(ready.apiKey));

  const status = JSON.parse(polity(['status', '--json']).stdout);
  assert.deepEqual(status.processes.map(({ role }: { role: string }) => role).sort(), [
    'gateway',
    'ledger',
    'model',
    'postgres',
  ]);
  const key = polity(['keys', 'create', '--tenant', 'agency', '--purpose', 'drafting']);
  assert.match(key.stdout, /^pk_\w+\n$/);
  const doctor = polity(['doctor', '--json']);
  const { findings } = JSON.parse(doctor.stdout) as { findings: { what: string; state: string }[] };
  const parts = findings.filter(({ what }) => what.startsWith('running: '));
  assert.deepEqual(
    parts.filter(({ state }) => state !== 'ok').map(({ what }) => what.split(' ')[1]),
    ['model'],
  );
  assert.match(polity(['start', '--detach']).stderr, /^polity: it ended before it served: .*(taken|already)/);

  const stopped = polity(['stop']);
  assert.deepEqual([stopped.status, stopped.stdout], [0, 'stopped\n']);
  assert.equal(polity(['status']).status, 3);
});

test('a start in the background that cannot serve says why', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port: busy } = taken.address() as { port: number };
  const refused = polity(['start', '--detach'], { PORT: String(busy), POLITY_DATA: join(scratch, 'other') });
  taken.close();
  assert.deepEqual([refused.status, refused.stdout], [1, '']);
  assert.match(refused.stderr, new RegExp(`it ended before it served: port ${busy} is taken`));
});
