import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { downloadFile, type Progress } from './download-file.ts';

const file = randomBytes(300_000);

interface Mirror {
  readonly url: string;
  readonly part: string;
  /** `range` and status of each request. */
  readonly asked: string[];
}

async function serve(t: TestContext, listener: RequestListener): Promise<Mirror> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    response.on('close', () => asked.push(`${request.headers.range ?? '-'} ${response.statusCode}`));
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'polity-download-'));
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`, part: join(folder, 'part'), asked };
}

function load({ url, part }: Mirror, path = ''): Promise<Progress[]> {
  const steps: Progress[] = [];
  return downloadFile({ url: url + path, part, bytesMax: 1e6, onProgress: (step) => void steps.push(step) }).then(
    () => steps,
  );
}

/** A mirror with ranges that breaks its first answer off in the middle. */
function cutOnce(etags: string[]): RequestListener {
  let turn = 0;
  return (request, response) => {
    const etag = etags[Math.min(turn, etags.length - 1)] ?? '';
    const isFirst = turn++ === 0;
    const wanted = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const start = wanted !== null && request.headers['if-range'] === etag ? Number(wanted[1]) : 0;
    const head: Record<string, string | number> = { etag, 'content-length': file.length - start };
    if (start > 0) head['content-range'] = `bytes ${start}-${file.length - 1}/${file.length}`;
    response.writeHead(start > 0 ? 206 : 200, head);
    if (isFirst) response.write(file.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 250));
    else response.end(file.subarray(start));
  };
}

test('a download that broke goes on from there when the server still has the same file', async (t) => {
  const mirror = await serve(t, cutOnce(['"one"']));
  await assert.rejects(load(mirror), /the connection broke after \d+ of 300000 bytes/);
  const begun = readFileSync(mirror.part).length;
  assert.ok(begun > 0 && begun <= 100_000);
  const steps = await load(mirror);
  assert.deepEqual(readFileSync(mirror.part), file);
  assert.deepEqual(mirror.asked, ['- 200', `bytes=${begun}- 206`]);
  assert.deepEqual(steps.at(-1), { bytes: 300_000, total: 300_000 });
  assert.ok((steps[0]?.bytes ?? 0) > begun, 'progress counts what was there');
  assert.ok(!existsSync(`${mirror.part}.etag`));
});

test('when the file changed meanwhile, it is loaded anew', async (t) => {
  const mirror = await serve(t, cutOnce(['"one"', '"two"']));
  await assert.rejects(load(mirror));
  await load(mirror);
  assert.deepEqual(readFileSync(mirror.part), file);
  assert.match(mirror.asked[1] ?? '', /^bytes=\d+- 200$/);
});

test('without a strong tag nothing is continued: nobody says that the bytes are the same', async (t) => {
  const mirror = await serve(t, cutOnce(['W/"one"']));
  await assert.rejects(load(mirror));
  await load(mirror);
  assert.deepEqual([readFileSync(mirror.part).equals(file), mirror.asked], [true, ['- 200', '- 200']]);
});

test('a refused range (416) and a wrong one (206 of other bytes) begin anew, and a server that only refuses ends it', async (t) => {
  for (const status of [416, 206]) {
    const mirror = await serve(t, (request, response) => {
      if (request.headers.range === undefined) response.end(file);
      else response.writeHead(status, { 'content-range': 'bytes 0-4/300000' }).end('wrong');
    });
    writeFileSync(mirror.part, 'x'.repeat(10));
    writeFileSync(`${mirror.part}.etag`, '"one"');
    await load(mirror);
    assert.deepEqual(readFileSync(mirror.part), file);
  }
  const refusing = await serve(t, (_request, response) => response.writeHead(416).end());
  await assert.rejects(load(refusing), /status 416/);
});

test('fewer bytes than promised are an error; a status that is no file names itself', async (t) => {
  const mirror = await serve(t, (request, response) => {
    if (request.url === '/m/404') response.writeHead(404).end('gone');
    else response.writeHead(200, { 'content-length': 10 }).write('abc', () => response.destroy());
  });
  await assert.rejects(load(mirror), /broke after \d of 10 bytes/);
  await assert.rejects(load(mirror, '/404'), /status 404/);
});

test('redirects are followed, relative ones too, and not in a circle', async (t) => {
  const mirror = await serve(t, (request, response) => {
    if (request.url === '/m') response.writeHead(302, { location: '/cdn/file' }).end();
    else if (request.url === '/cdn/file') response.end(file);
    else response.writeHead(307, { location: request.url }).end();
  });
  await load(mirror);
  assert.deepEqual(readFileSync(mirror.part), file);
  await assert.rejects(load(mirror, '/loop'), /in a circle/);
});

test('a server that sends more than the file may have is cut off, and nothing of it is kept', async (t) => {
  const mirror = await serve(t, (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(file));
    };
    response.on('drain', more);
    more();
  });
  await assert.rejects(load(mirror), /sends more than the 1000000 bytes/);
  assert.ok(!existsSync(mirror.part));
});
