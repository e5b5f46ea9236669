import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../test/read-tree.ts';
import { runCommandLine } from './main.ts';

const scratch = mkdtempSync(join(tmpdir(), 'polity-models-'));
const file = Buffer.from('a small model');
const mirror = createServer((request, response) => {
  if (request.url === '/model.gguf') response.end(file);
  else response.writeHead(404).end();
});
await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
after(() => {
  mirror.close();
  rmSync(scratch, { recursive: true });
});

/** The example with one model, whose file a mirror on this machine has. */
function charterWith(path: string, sha256 = createHash('sha256').update(file).digest('hex')): string {
  const folder = mkdtempSync(join(scratch, 'charter-'));
  cpSync(join(root, 'charters/estonia'), folder, { recursive: true });
  const text = readFileSync(join(folder, 'models.yaml'), 'utf8');
  const changed = text
    .replace(/sha256: [0-9a-f]{64}/, `sha256: ${sha256}`)
    .replace(/bytes: 98362432/, `bytes: ${file.length}`)
    .replace(/ {2}sources:[\s\S]*?\n\n/, `  sources:\n    - { kind: url, url: '${address}/${path}' }\n\n`);
  writeFileSync(join(folder, 'models.yaml'), changed);
  return folder;
}

async function run(environment: Record<string, string>, ...line: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  return { code: await runCommandLine({ line, environment, output }), out, err };
}

test('`models pull` brings the file of the embedded model once, and `models list` then says that it is here', async () => {
  const environment = { POLITY_DATA: join(scratch, 'data'), POLITY_CHARTER: charterWith('model.gguf') };
  const before = JSON.parse((await run(environment, 'models', 'list', '--json')).out.join('\n'));
  assert.equal(before.find((row: { embedded: boolean }) => row.embedded).present, false);
  const pulled = await run(environment, 'models', 'pull');
  assert.equal(pulled.code, 0, pulled.err.join('\n'));
  assert.deepEqual(readFileSync(pulled.out[0] ?? ''), file);
  const again = JSON.parse((await run(environment, 'models', 'pull', '--json')).out[0] ?? '');
  assert.equal(again.source, 'models folder');
  assert.match(pulled.err.at(-1) ?? '', /^sha256 [0-9a-f]{64}, as the charter pins it$/);
  const listed = await run(environment, 'models', 'list');
  assert.ok(listed.out.some((line) => / here .*\(embedded\)$/.test(line)));
});

test('what no source has is one line that names each source, and an unknown id names the known', async () => {
  const environment = { POLITY_DATA: join(scratch, 'none'), POLITY_CHARTER: charterWith('gone.gguf') };
  const { code, out, err } = await run(environment, 'models', 'pull');
  assert.deepEqual([code, out], [1, []]);
  assert.match(err.at(-1) ?? '', /^polity: the file of .* could not be had: mirror 127\.0\.0\.1.*status 404/);
  const unknown = await run(environment, 'models', 'pull', 'smol');
  assert.match(unknown.err[0] ?? '', /names no model `smol`; it names: smollm2-135m-instruct/);
});

test('where nobody pinned the file, `models pull` says what to write into models.yaml', async () => {
  const charter = charterWith('model.gguf', 'null');
  const environment = { POLITY_DATA: join(scratch, 'unpinned') };
  const { code, err } = await run(environment, 'models', 'pull', '--charter', charter);
  assert.equal(code, 0, err.join('\n'));
  const sha256 = createHash('sha256').update(file).digest('hex');
  assert.match(err.at(-1) ?? '', new RegExp(`write \`sha256: ${sha256}\` and \`bytes: 13\` into models.yaml$`));
});

test('a file with another digest is refused and kept aside', async () => {
  const environment = {
    POLITY_DATA: join(scratch, 'wrong'),
    POLITY_CHARTER: charterWith('model.gguf', 'a'.repeat(64)),
  };
  const { code, err } = await run(environment, 'models', 'pull');
  assert.equal(code, 1);
  assert.match(err.at(-1) ?? '', /the digest is wrong; the file was put aside/);
  assert.match(
    readdirSync(join(scratch, 'wrong', 'models')).join(),
    /^smollm2-135m-instruct\.gguf\.rejected-[0-9a-f]{8}$/,
  );
});

test('`models list` names licence, languages and hardware of every model of the charter', async () => {
  const environment = { POLITY_DATA: join(scratch, 'list') };
  const { out, code } = await run(environment, 'models', 'list', '--charter', join(root, 'charters/estonia'));
  assert.equal(code, 0);
  assert.match(
    out.join('\n'),
    /eurollm-9b-instruct +- +not yet +Apache-2\.0 +et en ru fi lv lt, admitted to nothing\n {2}8 GB of memory/,
  );
});
