import assert from 'node:assert/strict';
import test from 'node:test';
import { Problem } from '../kit/index.ts';
import { checkOrigin, type OriginHeaders } from './check-origin.ts';

const json = 'application/json';
const cases: readonly [title: string, headers: OriginHeaders, publicUrl: string, code: string | null][] = [
  ['our own page', { origin: 'https://ai.example.ee', 'content-type': json }, 'https://ai.example.ee', null],
  [
    'JSON with a charset',
    { origin: 'https://ai.example.ee', 'content-type': `${json}; charset=utf-8` },
    'https://ai.example.ee',
    null,
  ],
  [
    'another name of the same machine',
    { origin: 'http://127.0.0.1:8080', 'content-type': json },
    'http://localhost:8080',
    null,
  ],
  [
    'another port of the same machine',
    { origin: 'http://127.0.0.1:8081', 'content-type': json },
    'http://localhost:8080',
    'forbidden',
  ],
  [
    'loopback, when we are elsewhere',
    { origin: 'http://localhost', 'content-type': json },
    'http://ai.example.ee',
    'forbidden',
  ],
  ['no origin', { 'content-type': json }, 'https://ai.example.ee', 'forbidden'],
  ['an opaque origin', { origin: 'null', 'content-type': json }, 'https://ai.example.ee', 'forbidden'],
  [
    'a longer host',
    { origin: 'https://ai.example.ee.evil.example', 'content-type': json },
    'https://ai.example.ee',
    'forbidden',
  ],
  [
    'the same host without TLS',
    { origin: 'http://ai.example.ee', 'content-type': json },
    'https://ai.example.ee',
    'forbidden',
  ],
  [
    'an address with a path',
    { origin: 'http://localhost:8080/x', 'content-type': json },
    'http://localhost:8080',
    'forbidden',
  ],
  [
    'a form',
    { origin: 'https://ai.example.ee', 'content-type': 'text/plain' },
    'https://ai.example.ee',
    'unsupported-media-type',
  ],
  ['no media type', { origin: 'https://ai.example.ee' }, 'https://ai.example.ee', 'unsupported-media-type'],
];

for (const [title, headers, publicUrl, code] of cases) {
  test(`a change sent by ${title} is ${code === null ? 'taken' : `refused with ${code}`}`, () => {
    if (code === null) checkOrigin(headers, publicUrl);
    else
      assert.throws(
        () => checkOrigin(headers, publicUrl),
        (error) => error instanceof Problem && error.code === code,
      );
  });
}
