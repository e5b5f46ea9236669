import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COSIGNATURE_ED25519, ED25519, formatVerifierKey } from './note.ts';
import { hasQuorum, parsePolicy } from './policy-text.ts';

/** A key whose id is not checked here: parsing needs no hash. */
const vkey = (name: string, type: number, byte: number) =>
  formatVerifierKey({ name, keyId: '00000000', type, publicKey: new Uint8Array(32).fill(byte) });
const log = `log ${vkey('test.example/log', ED25519, 1)}`;
const [a, b, c] = ['a', 'b', 'c'].map((name, i) => `witness ${name} ${vkey(name, COSIGNATURE_ED25519, 10 + i)}`);
const three = `${log}\n${a}\n${b}\n${c}\n`;

test('a policy counts witnesses as its groups say', () => {
  const table: [rule: string, cosigned: string[], isEnough: boolean][] = [
    ['quorum none', [], true],
    ['quorum a', ['a'], true],
    ['quorum a', ['b', 'c'], false],
    ['group g any a b c\nquorum g', ['c'], true],
    ['group g any a b c\nquorum g', [], false],
    ['group g 2 a b c\nquorum g', ['a', 'c'], true],
    ['group g 2 a b c\nquorum g', ['c'], false],
    ['group g all a b c\nquorum g', ['a', 'b'], false],
    ['group two 2 a b\ngroup whole all two c\nquorum whole', ['a', 'b', 'c'], true],
    ['group two 2 a b\ngroup whole all two c\nquorum whole', ['a', 'c'], false],
  ];
  for (const [rule, cosigned, isEnough] of table) {
    assert.equal(hasQuorum(parsePolicy(`${three}${rule}\n`), new Set(cosigned)), isEnough, rule);
  }
});

test('blank lines, comments, tabs and addresses are allowed; a `#` inside a line belongs to it', () => {
  const policy = parsePolicy(
    `# ours\n\n \t# theirs\n\t${log}  https://log.example/#top \n${a} https://w.example/#x\n quorum\ta \n`,
  );
  assert.deepEqual([...policy.witnesses.keys()], ['a']);
  assert.equal(policy.quorum, 'a');
});

test('a policy that could demand less than it seems to is refused', () => {
  const wrong = [
    '',
    'quorum none',
    `${three}`,
    `${three}quorum x\n`,
    `${three}quorum none\nquorum none\n`,
    `${three}quorum a b\n`,
    `quorum a\n${a}\n`,
    // A group without members would need nobody.
    `${three}group g all\nquorum g\n`,
    `${three}group g any\nquorum g\n`,
    `${three}group g 0 a b\nquorum g\n`,
    `${three}group g 3 a b\nquorum g\n`,
    `${three}group g 01 a b\nquorum g\n`,
    `${three}group g all none\nquorum g\n`,
    `${three}group g 1 g a\nquorum g\n`,
    // Somebody who counts twice.
    `${three}group g 2 a a\nquorum g\n`,
    `${three}group g any a b\ngroup h 2 g a\nquorum h\n`,
    `${three}witness d ${vkey('d', COSIGNATURE_ED25519, 10)}\nquorum none\n`,
    `${three}${a}\nquorum none\n`,
    `${three}${log}\nquorum none\n`,
    `${three}witness none ${vkey('n', COSIGNATURE_ED25519, 20)}\nquorum none\n`,
    // Keys of the other office.
    `witness a ${vkey('a', ED25519, 10)}\nquorum none\n`,
    `log ${vkey('l', COSIGNATURE_ED25519, 1)}\nquorum none\n`,
    `${three}quorum none\r\n`,
    `${three}quorum\u00a0none\n`,
    `${three}Quorum none\n`,
  ];
  for (const text of wrong) assert.throws(() => parsePolicy(text), Error, JSON.stringify(text));
});
