import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { editedBytes, exampleBytes } from '../../test/charter-files.ts';
import { sha256Hex } from '../kit/index.ts';
import { charterDigest } from './charter-digest.ts';
import { parseCharter } from './parse-charter.ts';
import { charterFiles } from './schema.ts';

const example = exampleBytes();

test('the digest is over sorted lines of path and SHA-256, whatever the order of the files', () => {
  const lines = [...example].map(([path, content]) => `${path} ${sha256Hex(content)}\n`).sort();
  assert.equal(charterDigest(example), sha256Hex(lines.join('')));
  assert.equal(charterDigest(new Map([...example].reverse())), charterDigest(example));
});

test('one changed byte, path or file changes the digest', () => {
  const variants = [
    editedBytes({ 'charter.yaml': ['# A worked', '# a worked'] }),
    editedBytes({ 'policies/extra.cedar': '' }),
    editedBytes({ 'policies/residency.cedar': null }),
  ];
  const digests = new Set([example, ...variants].map(charterDigest));
  assert.equal(digests.size, 4);
});

test('a parsed charter cannot be changed', () => {
  const parsed = parseCharter(example);
  assert.equal(parsed.kind, 'valid');
  if (parsed.kind !== 'valid') return;
  assert.throws(() => Object.assign(parsed.charter.tenants[0] ?? {}, { id: 'other' }), TypeError);
  assert.throws(() => (parsed.charter.country.languages as string[]).push('x'), TypeError);
});

test('whatever a file holds, the answer is a charter or a list of mistakes with their places', () => {
  const files = Object.keys(charterFiles);
  const cut = fc.record({
    file: fc.constantFrom(...files),
    at: fc.nat(4000),
    text: fc.string({ unit: 'binary', maxLength: 12 }),
  });
  fc.assert(
    fc.property(cut, ({ file, at, text }) => {
      const before = Buffer.from(example.get(file) ?? []);
      const index = at % before.length;
      const bytes = new Map(example).set(
        file,
        Buffer.concat([before.subarray(0, index), Buffer.from(text), before.subarray(index + 1)]),
      );
      const parsed = parseCharter(bytes);
      if (parsed.kind === 'valid') return;
      assert.ok(parsed.errors.length > 0);
      for (const error of parsed.errors) assert.ok(error.line >= 0 && error.column >= 0 && error.expected !== '');
    }),
    { numRuns: 60 },
  );
});

test('random YAML in a file never throws, and only an empty list may pass: a charter may name no institutions or backends yet', () => {
  const json = fc.json({ maxDepth: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(charterFiles)), json, (file, text) => {
      const { kind } = parseCharter(new Map(example).set(file, Buffer.from(text)));
      const isEmptyList = JSON.stringify(JSON.parse(text)) === '[]';
      if (!isEmptyList) assert.equal(kind, 'invalid');
    }),
    { numRuns: 60 },
  );
});
