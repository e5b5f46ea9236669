import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { charterVariant } from '../../../test/charter-variant.ts';
import { root } from '../../../test/read-tree.ts';
import { freePort } from '../../../test/start-polity.ts';
import { runCommandLine } from '../main.ts';
import type { Finding } from './finding.ts';

const scratch = mkdtempSync(join(tmpdir(), 'polity-doctor-'));
after(() => rmSync(scratch, { recursive: true }));

async function examine(environment: Record<string, string>) {
  const out: string[] = [];
  const output = { out: (text: string) => void out.push(text), err: (text: string) => assert.fail(text) };
  const whole = { PORT: String(await freePort()), ...environment };
  const code = await runCommandLine({ line: ['doctor', '--json'], environment: whole, output });
  const { sound, findings } = JSON.parse(out.join('\n')) as { sound: boolean; findings: Finding[] };
  assert.equal(sound, code === 0);
  return { code, findings, fails: findings.filter(({ state }) => state === 'fail') };
}

test('before the first start nothing fails, and nothing is made', async () => {
  const data = join(scratch, 'not-yet');
  const { code, findings } = await examine({ POLITY_DATA: data });
  assert.equal(code, 0);
  assert.ok(findings.length >= 14);
  assert.equal(existsSync(data), false);
});

test('a sound folder is left as it was', async () => {
  const data = join(scratch, 'sound');
  mkdirSync(join(data, 'keys'), { recursive: true, mode: 0o700 });
  chmodSync(join(data, 'keys'), 0o700);
  writeFileSync(join(data, 'keys/receipt.seed'), 'x', { mode: 0o600 });
  const { code, findings } = await examine({ POLITY_DATA: data });
  assert.equal(code, 0);
  assert.ok(findings.some(({ what }) => /durable write takes/.test(what)));
  assert.deepEqual(readdirSync(data, { recursive: true }), ['keys', 'keys/receipt.seed']);
});

test('each fault of a broken folder is named with how to mend it', async () => {
  const data = join(scratch, 'broken');
  const charter = join(scratch, 'charter');
  mkdirSync(join(data, 'keys'), { recursive: true });
  mkdirSync(join(data, 'models'));
  chmodSync(join(data, 'keys'), 0o755);
  writeFileSync(join(data, 'keys/receipt.seed'), 'x');
  chmodSync(join(data, 'keys/receipt.seed'), 0o644);
  writeFileSync(join(data, 'models/smollm2-135m-instruct.gguf'), 'half');
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
  });
  const closed = await freePort();
  const broken = await examine({
    POLITY_DATA: data,
    PORT: String(port),
    DATABASE_URL: `postgres://user:hidden@127.0.0.1:${closed}/polity`,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'hidden:4317',
  });
  taken.close();
  const says = broken.fails.map(({ what }) => what).join('\n');
  assert.equal(broken.code, 1);
  assert.match(says, /keys can be read by others/);
  assert.match(says, /receipt\.seed can be read by others/);
  assert.match(says, new RegExp(`port ${port} is taken`));
  assert.match(says, /has 4 bytes instead of \d+/);
  assert.match(says, /no PostgreSQL answers on 127\.0\.0\.1/);
  assert.match(says, /OTEL_EXPORTER_OTLP_ENDPOINT is no address/);
  assert.doesNotMatch(JSON.stringify(broken.findings), /hidden/, 'no password is shown');
  assert.ok(broken.fails.every(({ mend }) => mend !== null));
  cpSync(join(root, 'charters/estonia'), charter, { recursive: true });
  writeFileSync(join(charter, 'sites.yaml'), '- id: Tallinn\n');
  const { fails } = await examine({ POLITY_DATA: data, POLITY_CHARTER: charter });
  assert.ok(
    fails.some(({ what, mend }) => /7 mistakes, first \S+\.yaml/.test(what) && /charter check/.test(mend ?? '')),
  );
});

test('what is no folder, no charter and no model is said', async () => {
  const file = join(scratch, 'file');
  writeFileSync(file, '');
  const { code, fails } = await examine({ POLITY_DATA: file, POLITY_CHARTER: join(scratch, 'nowhere') });
  const says = fails.map(({ what }) => what).join('\n');
  assert.equal(code, 1);
  assert.match(says, /is no folder/);
  assert.match(says, /there is no charter/);
  const other = await examine({ POLITY_DATA: join(scratch, 'not-yet'), POLITY_MODEL: join(scratch, 'gone.gguf') });
  assert.match(other.fails[0]?.what ?? '', /POLITY_MODEL names/);
});

test('where traces and metrics go is said, and that it may be abroad', async () => {
  const ask = async (endpoint: string) => {
    const { findings } = await examine({
      POLITY_DATA: join(scratch, 'not-yet'),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    });
    return findings.find(({ what }) => what.startsWith('traces and metrics'));
  };
  const near = await ask('http://user:hidden@127.0.0.1:4318');
  assert.deepEqual([near?.state, near?.what], ['ok', 'traces and metrics go to http://127.0.0.1:4318']);
  assert.equal((await ask('https://collector.example.org'))?.state, 'warn');
});

test('what a backend lacks is said before the first request: its key, an answer at its address, leave to lie inside', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  const closed = await freePort();
  const key = join(scratch, 'provider.key');
  writeFileSync(key, 'hidden');
  const charter = await charterVariant({
    'backends.yaml': (document) => {
      const entry = (id: string, extra: object) => {
        const like = (document.toJS() as object[])[0];
        document.add({ ...like, id, dialect: 'openai', allowPrivateAddress: true, ...extra });
      };
      entry('there', { url: `http://127.0.0.1:${port}/v1`, key: `file:${key}` });
      entry('keyless', { url: `http://127.0.0.1:${port}/v1`, key: 'env:NOBODY_SET_THIS' });
      entry('away', { url: `http://127.0.0.1:${closed}/v1`, key: `file:${key}.gone` });
      entry('inside', { url: 'http://10.0.0.1/v1', allowPrivateAddress: false });
    },
  });
  const { code, findings } = await examine({ POLITY_DATA: join(scratch, 'not-yet'), POLITY_CHARTER: charter });
  server.close();
  const said = findings.filter(({ what }) => what.startsWith('backend ')).map(({ state, what }) => `${state} ${what}`);
  assert.deepEqual(said, [
    `ok backend there answers on 127.0.0.1:${port}`,
    'warn backend keyless: the environment has no NOBODY_SET_THIS, its key',
    `ok backend keyless answers on 127.0.0.1:${port}`,
    `warn backend away: the file of its key, ${key}.gone, cannot be read`,
    `warn backend away: nothing answers on 127.0.0.1:${closed} (ECONNREFUSED)`,
    'warn backend inside: 10.0.0.1 lies inside your network, and its entry does not allow that; nothing is sent there',
  ]);
  assert.equal(code, 0, 'the others of the legal set serve');
});
