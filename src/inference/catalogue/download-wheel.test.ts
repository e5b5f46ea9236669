import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { zipOf } from '../../../test/zip-of.ts';
import { downloadWheel } from './download-wheel.ts';

const skip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? false : 'there is no pip here';

const info = 'small-1.0.dist-info';
const wheel = zipOf(
  [
    { name: 'small/model.gguf', data: Buffer.from('weights') },
    { name: `${info}/METADATA`, data: Buffer.from('Metadata-Version: 2.1\nName: small\nVersion: 1.0\n') },
    { name: `${info}/WHEEL`, data: Buffer.from('Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n') },
    { name: `${info}/RECORD`, data: Buffer.from('small/model.gguf,,\n') },
  ],
  { packing: 'deflated' },
);
const fileName = 'small-1.0-py3-none-any.whl';

async function openIndex(t: TestContext) {
  const server = createServer((request, response) => {
    if (request.url === '/simple/small/')
      response.setHeader('content-type', 'text/html').end(`<a href="/files/${fileName}">${fileName}</a>`);
    else if (request.url === `/files/${fileName}`) response.end(wheel);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'polity-wheel-'));
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const index = `http://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
  const environment = { ...process.env, PIP_INDEX_URL: index, PIP_CONFIG_FILE: '/dev/null', PIP_RETRIES: '0' };
  return (name: string) =>
    downloadWheel({ package: name, version: '1.0', folder, environment, bytesMax: 1e6, onProgress: () => {} });
}

test('where pip exists it brings the wheel, by its own mirror settings', { skip }, async (t) => {
  const bring = await openIndex(t);
  assert.deepEqual(readFileSync(await bring('small')), wheel);
});

test('what pip could not bring is one line without the address of the mirror, which may hold a password', {
  skip,
}, async (t) => {
  const bring = await openIndex(t);
  await assert.rejects(bring('absent'), (cause: Error) => {
    assert.match(cause.message, /^pip could not bring absent==1\.0: ERROR: .*absent/);
    assert.doesNotMatch(cause.message, /secret|127\.0\.0\.1|\n/);
    return true;
  });
});
