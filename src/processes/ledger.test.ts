import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { newIntent, newOutcome, openTestLedger, type TestLedger } from '../../test/open-ledger.ts';
import { openKeyFolder, openLedgerReader, openRecorder } from '../store/index.ts';

const main = new URL('../main.ts', import.meta.url).pathname;
let ledger: TestLedger;
let dataDir = '';
const children: ChildProcess[] = [];

before(async () => {
  ledger = await openTestLedger();
  dataDir = mkdtempSync(join(tmpdir(), 'polity-ledger-'));
  openKeyFolder(dataDir).keepInstallation('one');
  // The fixture's receipt key belongs to another folder.
  await ledger.database.pool.query('TRUNCATE receipt_key, pending');
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await ledger.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function start(workerId: string, installation = 'one'): ChildProcess {
  const config = {
    role: 'ledger',
    workerId,
    dataDir,
    databaseUrl: ledger.url,
    installation,
    charterDomain: 'test.example',
  };
  const env = { ...process.env, POLITY_PROCESS_CONFIG: JSON.stringify(config) };
  const child = fork(main, ['ledger'], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  children.push(child);
  return child;
}

test('keys of another installation stop the ledger process with a sentence that says what to do', async () => {
  const child = start('stranger', 'another');
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 1);
  assert.match(said, /belong to another installation .*: restore/);
});

test('a killed ledger process is followed by the waiting one, and a stop leaves nothing pending', async () => {
  const first = start('first');
  await once(first, 'message');
  const second = start('second');
  const worker = await ledger.worker('gateway');
  const recorder = openRecorder({ url: ledger.url, worker: 'gateway' });
  const outcomes = Array.from({ length: 20 }, () => newOutcome());
  await Promise.all(outcomes.map((one) => recorder.recordOutcome(one)));
  const reader = openLedgerReader(ledger.database.pool);
  assert.ok(await reader.readReceipt(outcomes[0]?.receiptId ?? ''));
  first.kill('SIGKILL');
  await once(second, 'message');
  const orphan = newIntent();
  await recorder.recordIntent(orphan);
  await recorder.recordOutcome(newOutcome());
  await recorder.close();
  await worker.end();
  second.send({ type: 'stop' });
  const [code] = await once(second, 'exit');
  assert.equal(code, 0);
  assert.deepEqual(
    [
      await ledger.count('pending'),
      await ledger.count('journal'),
      await ledger.count('intent'),
      await ledger.count('decision'),
    ],
    [0, 0, 0, 22],
  );
  assert.equal((await reader.readReceipt(orphan.receiptId))?.state, 'included');
});
