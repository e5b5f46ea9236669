import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTreeHead } from './checkpoint.ts';
import { parseNote, parseVerifierKey } from './note.ts';
import { parsePolicy } from './policy-text.ts';
import { signingKey, signNote, verifierKey } from './sign.ts';
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts';
import { webSha256 } from './verify/crypto.ts';
import { openCheckpoint } from './verify/verify-note.ts';

const origin = 'test.example/log';
const key = signingKey(new Uint8Array(32).fill(3));
const root = Buffer.alloc(32, 9).toString('base64');
const body = `${origin}\n7\n${root}\n`;
const signed = signNote(body, origin, key);
const log = { name: 'log', origin, vkeys: [verifierKey(origin, key)], policy: 'quorum none\n' };
const open = (checkpoint: string) => openCheckpoint(checkpoint, log, webSha256);

test('a checkpoint of the log opens; extension lines are covered and ignored', async () => {
  assert.equal((await open(signed)).size, 7);
  assert.equal((await open(signNote(`${body}extension\n`, origin, key))).size, 7);
});

test('a line of a known key that fails kills the note, even beside one that holds', async () => {
  const [line = ''] = signed.split('\n').slice(-2);
  const wrong = signNote(`${origin}\n8\n${root}\n`, origin, key).split('\n').at(-2) ?? '';
  await assert.rejects(open(`${body}\n${line}\n${wrong}\n`), /fails/);
});

test('lines of unknown keys are ignored, but alone they are nothing', async () => {
  const stranger = signingKey(new Uint8Array(32).fill(4));
  const theirs = signNote(body, 'stranger.example', stranger).split('\n').at(-2) ?? '';
  assert.equal((await open(`${signed}${theirs}\n`)).size, 7);
  await assert.rejects(open(`${body}\n${theirs}\n`), /no signature of the log/);
});

test('the last blank line separates text and signatures', () => {
  const note = signNote('first\n\nsecond\n', origin, key);
  assert.equal(parseNote(note).text, 'first\n\nsecond\n');
});

test('sizes, roots and origins are canonical or refused', () => {
  for (const wrong of ['07', '+7', '7 ', '', '-1', '1e3', '9007199254740992', '٧']) {
    assert.throws(() => parseTreeHead(`${origin}\n${wrong}\n${root}\n`), Error, wrong);
  }
  for (const wrong of [root.slice(0, -1), `${root} `, `${root.slice(0, -2)}B=`, 'AAAA']) {
    assert.throws(() => parseTreeHead(`${origin}\n7\n${wrong}\n`), Error, wrong);
  }
  assert.throws(() => parseTreeHead(`\n7\n${root}\n`));
  assert.throws(() => parseTreeHead(`${origin}\n7\n${root}`));
});

test("the signed-note specification's own example key is read", () => {
  const vkey = parseVerifierKey('example.com/foo+530d903a+AekyeV6ncVx0Q3eGSsZmlXmTGB6Hz1MBgrLZWzTO0bvW');
  assert.deepEqual([vkey.name, vkey.keyId, vkey.type], ['example.com/foo', '530d903a', 1]);
});

test('a proof reads back; `extra` means nothing; nothing else is taken for one', () => {
  const proof = { index: 5, hashes: [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)], checkpoint: signed };
  const text = formatTlogProof(proof);
  assert.deepEqual(parseTlogProof(text), proof);
  assert.deepEqual(parseTlogProof(text.replace('index', 'extra AAAA\nindex')), proof);
  for (const wrong of [
    text.replace('@v1', '@v2'),
    text.replace('index 5', 'index 05'),
    text.replace('\n\n', '\n'),
    '',
    'index 0',
  ]) {
    assert.throws(() => parseTlogProof(wrong));
  }
});

test('no text makes a parser fail in any other way than with an Error, and none is accepted by chance', () => {
  const parsers: ((text: string) => unknown)[] = [
    parseNote,
    parseTreeHead,
    parseVerifierKey,
    parseTlogProof,
    parsePolicy,
  ];
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const parse of parsers) assert.throws(() => parse(text), Error);
    }),
    { examples: [['\n\n'], ['\u2014 a b\n'], ['a\n\n\u2014 a AAAA\n']] },
  );
});
