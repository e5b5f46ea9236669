/** The record as outsiders check it: `./polity verify` on a running service, on an export, and after every kind of damage. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { DsseEnvelope, ReceiptView } from '../../src/ledger/ports.ts';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { type RunningPolity, root, startPolity } from '../start-polity.ts';

let upstream: RecordingUpstream;
let polity: RunningPolity;
let folder: string;
let receiptId: string;
let database: pg.Client;

before(async () => {
  upstream = await startUpstream();
  polity = await startPolity({ charter: await charterVariant(servedBy(upstream.url)) });
  folder = mkdtempSync(join(tmpdir(), 'polity-verify-'));
  // More than one full tile, so that every kind of tile is there.
  for (let round = 0; round < 30; round++) {
    const ids = await Promise.all(Array.from({ length: 9 }, ask));
    receiptId = ids[0] as string;
  }
  await fetch(`${polity.url}/v1/receipts/${receiptId}`);
  database = new pg.Client({ connectionString: await databaseUrl() });
  await database.connect();
});
after(async () => {
  await database.end();
  await polity.dispose();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const question = JSON.stringify({ model: 'auto', max_tokens: 4, messages: [{ role: 'user', content: 'Tere' }] });

async function ask(): Promise<string> {
  const response = await fetch(`${polity.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${polity.apiKey}`, 'content-type': 'application/json' },
    body: question,
  });
  writeFileSync(join(folder, 'answer'), Buffer.from(await response.arrayBuffer()));
  return response.headers.get('x-receipt-id') as string;
}

/** The embedded server of the test's data folder, as its own processes reach it. */
async function databaseUrl(): Promise<string> {
  const password = readFileSync(join(polity.data, 'postgres/password'), 'utf8').trim();
  return `postgres://polity:${password}@localhost/polity?host=${encodeURIComponent(join(polity.data, 'postgres/socket'))}`;
}

function command(...words: string[]): { code: number | null; said: string } {
  const run = spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), 'cli', ...words], { encoding: 'utf8' });
  return { code: run.status, said: run.stdout + run.stderr };
}

const verifyLive = () => command('verify', '--log', 'decisions', '--url', polity.url);

test('a whole log verifies with public bytes alone', () => {
  const { code, said } = verifyLive();
  assert.equal(code, 0, said);
  assert.match(said, /27\d entries/);
  assert.equal(command('verify', '--log', 'governance', '--url', polity.url).code, 0);
});

const hasGo = spawnSync('go', ['version']).status === 0;

test("Go's own tlog and note accept the served logs", {
  skip: hasGo ? false : 'there is no Go on this machine',
}, async () => {
  const { logs } = (await (await fetch(`${polity.url}/.well-known/polity`)).json()) as {
    logs: { prefix: string; vkeys: string[] }[];
  };
  assert.equal(logs.length, 2);
  for (const { prefix, vkeys } of logs) {
    const words = ['run', '.', `${polity.url}${prefix}`, vkeys[0] as string];
    const { status, stdout, stderr } = spawnSync('go', words, { cwd: join(root, 'test/go'), encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  }
});

test('a receipt verifies offline, with what was said, and fails after any edit', async () => {
  const last = await ask();
  const receipt = (await (await fetch(`${polity.url}/v1/receipts/${last}`)).json()) as ReceiptView & {
    statement: DsseEnvelope;
  };
  const path = join(folder, 'receipt.json');
  const trust = join(folder, 'polity.json');
  writeFileSync(join(folder, 'request'), question);
  writeFileSync(trust, await (await fetch(`${polity.url}/.well-known/polity`)).text());
  const check = (view: unknown, ...more: string[]) => {
    writeFileSync(path, JSON.stringify(view));
    return command('verify', path, '--trust', trust, '--url', 'http://127.0.0.1:9', ...more).code;
  };
  const request = ['--request', join(folder, 'request'), '--answer', join(folder, 'answer')];
  assert.equal(check(receipt, ...request), 0);
  const edited = Buffer.from(receipt.statement.payload, 'base64').toString().replace('"complete"', '"refused"');
  const payload = Buffer.from(edited).toString('base64');
  assert.equal(check({ ...receipt, statement: { ...receipt.statement, payload } }), 1);
  assert.equal(check({ ...receipt, salt: Buffer.alloc(32).toString('base64') }), 1);
  assert.equal(check({ ...receipt, index: '0' }), 1);
  assert.equal(check({ ...receipt, proof: null }), 4);
  writeFileSync(join(folder, 'request'), `${question} `);
  assert.equal(check(receipt, '--request', join(folder, 'request')), 1);
});

interface Row {
  readonly table: string;
  readonly where: string;
  readonly place: RegExp;
}

const damages: readonly Row[] = [
  { table: 'bundle', where: 'index = 0 AND width = 256', place: /tile\/entries\/000 entry/ },
  {
    table: 'bundle',
    where: 'index = 1 AND width = (SELECT size % 256 FROM log WHERE name = l.name)',
    place: /tile\/entries\/001\.p/,
  },
  { table: 'tile', where: 'level = 0 AND index = 0 AND width = 256', place: /tile\/0\/000 hash/ },
  {
    table: 'tile',
    where: 'level = 0 AND index = 1 AND width = (SELECT size % 256 FROM log WHERE name = l.name)',
    place: /tile\/0\/001\.p/,
  },
  { table: 'tile', where: 'level = 1', place: /tile\/1\/000\.p\/1 hash 0/ },
];

test('after one flipped byte of any stored tile or entry the check fails and names the place', async () => {
  for (const { table, where, place } of damages) {
    const flip = `UPDATE ${table} AS t SET bytes = set_byte(bytes, 40 % length(bytes), get_byte(bytes, 40 % length(bytes)) # 1)
      FROM log AS l WHERE t.log = l.name AND l.family = 'decisions' AND ${where.replaceAll(/\b(index|width|level)\b/g, 't.$1')}`;
    const { rowCount } = await database.query(flip);
    assert.ok((rowCount ?? 0) > 0, where);
    const { code, said } = verifyLive();
    assert.equal(code, 1, `${table} ${where}: ${said}`);
    assert.match(said, place);
    await database.query(flip);
  }
  assert.equal(verifyLive().code, 0);
});

test('after one changed character of the checkpoint the check fails and names it', async () => {
  const { rows } = await database.query(`SELECT name, checkpoint FROM log WHERE family = 'decisions'`);
  const { name, checkpoint } = rows[0] as { name: string; checkpoint: string };
  for (const at of [0, checkpoint.indexOf('\n') + 1, checkpoint.length - 20]) {
    const changed = checkpoint.slice(0, at) + (checkpoint[at] === '1' ? '2' : '1') + checkpoint.slice(at + 1);
    await database.query('UPDATE log SET checkpoint = $2 WHERE name = $1', [name, changed]);
    const { code, said } = verifyLive();
    assert.equal(code, 1);
    assert.match(said, /checkpoint:/);
  }
  await database.query('UPDATE log SET checkpoint = $2 WHERE name = $1', [name, checkpoint]);
  assert.equal(verifyLive().code, 0);
});

test('an exported log verifies without the service, and continues an older checkpoint', async () => {
  const target = join(folder, 'exported');
  const older = join(folder, 'older');
  const name = (await database.query(`SELECT name FROM log WHERE family = 'decisions'`)).rows[0].name as string;
  writeFileSync(older, await (await fetch(`${polity.url}/log/${name}/checkpoint`)).text());
  await ask();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(command('log', 'export', name, target, '--url', polity.url).code, 0);
  const { code, said } = command('verify', '--log', name, '--folder', target, '--checkpoint', older);
  assert.equal(code, 0, said);
  const entries = join(target, 'tile/entries/000');
  const bytes = readFileSync(entries);
  bytes[100] = (bytes[100] as number) ^ 1;
  writeFileSync(entries, bytes);
  assert.match(command('verify', '--log', name, '--folder', target).said, /tile\/entries\/000 entry 1/);
});
