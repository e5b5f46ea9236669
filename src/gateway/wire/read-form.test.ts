import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readForm } from './read-form.ts';

const TYPE = 'multipart/form-data; boundary=b';

function read(body: string, contentType = TYPE) {
  const text = { bytes: Buffer.from(body), contentType, jsonDepthMax: 64, wallMs: 0, shelf: null };
  return readForm(text, ['image']);
}

const part = (name: string, more = '') => `--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\nx\r\n`;
const END = '--b--\r\n';

test('no second boundary in the media type hides how many parts there are', async () => {
  const many = Array.from({ length: 1_100 }, (_, at) => part(`a${at}`)).join('') + END;
  for (const type of ['multipart/form-data; x="boundary=z"; boundary=b', 'multipart/form-data; boundary="\\b"'])
    await assert.rejects(read(many, type), { code: 'invalid-request' }, type);
  await assert.rejects(read(many), { message: /more than 1000 parts/ });
  assert.deepEqual((await read(part('a') + END, 'multipart/form-data; charset=utf-8; boundary="b"')).names, ['a']);
});

test('the head of a part is bounded: the parser takes seconds for one of megabytes', async () => {
  const hostile = {
    'a long name': part('%22'.repeat(6_000)),
    'many lines': part('a', `\r\n${'x: y\r\n'.repeat(3_000)}x: y`),
    'a long media type': part('a', `; filename="a"\r\ncontent-type: ${'a/'.repeat(9_000)}`),
    'no end': `--b\r\n${'x'.repeat(20_000)}`,
  };
  for (const [name, body] of Object.entries(hostile))
    await assert.rejects(read(body + END), { code: 'invalid-request', message: /head of a part/ }, name);
  assert.deepEqual((await read(`${part('a')}${part('b')}${END}`)).names, ['a', 'b']);
});

test('boundaries that have the word in them are read: those of browsers, of Swift and of Dart', async () => {
  for (const boundary of [
    '----WebKitFormBoundary7MA4YWxkTrZu0gW',
    'Boundary-7A1F',
    'dart-http-boundary-b+c',
    'alamofire.boundary.9f',
  ]) {
    const body = `${part('a')}${END}`.replaceAll('--b', `--${boundary}`);
    for (const type of [`multipart/form-data; boundary=${boundary}`, `multipart/form-data; Boundary="${boundary}"`])
      assert.deepEqual((await read(body, type)).names, ['a'], type);
  }
});

test('two boundaries are none, whichever of them a parser would take', async () => {
  for (const type of [
    'multipart/form-data; boundary="b\\c"; boundary=b',
    'multipart/form-data; boundary=b; boundary=c',
    'multipart/form-data; boundary =b; boundary=b',
    'multipart/form-data; x="; boundary=c"; boundary=b',
  ])
    await assert.rejects(read(part('a') + END, type), { code: 'invalid-request', message: /one boundary/ }, type);
});
