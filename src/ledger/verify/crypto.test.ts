import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { fromHex, toHex, utf8 } from '../../kit/index.ts';
import { signingKey } from '../sign.ts';
import { isUnsupported, verifyEd25519, webSha256 } from './crypto.ts';

const key = signingKey(new Uint8Array(32).fill(5));
const message = utf8('message');
const signature = new Uint8Array(sign(null, message, key.privateKey));
const GROUP_ORDER = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;

function littleEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0')).reverse();
}

test('a signature holds for its message and key, and for nothing else', async () => {
  assert.equal(await verifyEd25519(key.publicKey, message, signature), true);
  assert.equal(await verifyEd25519(key.publicKey, utf8('massage'), signature), false);
  assert.equal(await verifyEd25519(signingKey(new Uint8Array(32).fill(6)).publicKey, message, signature), false);
  for (let i = 0; i < 64; i++) {
    const flipped = signature.map((byte, at) => (at === i ? byte ^ 1 : byte));
    assert.equal(await verifyEd25519(key.publicKey, message, flipped), false, String(i));
  }
  for (const length of [0, 63, 65]) {
    assert.equal(await verifyEd25519(key.publicKey, message, new Uint8Array(length)), false);
  }
});

test('S is canonical: the same signature with the group order added is refused', async () => {
  const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`);
  const other = Uint8Array.of(...signature.slice(0, 32), ...littleEndian(s + GROUP_ORDER));
  assert.equal(await verifyEd25519(key.publicKey, message, other), false);
});

/** The points of small order in every encoding that fits 32 bytes (RFC 8032; the list of Chalkias et al., 2020, table 1). */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

test('a public key of small order verifies nothing, whatever the platform thinks of it', async () => {
  // R is the identity and S is 0: for a key of order 1 a lenient verifier, such as Go's, takes this for every message.
  const forged = fromHex(`${smallOrder[0]}${'00'.repeat(32)}`);
  for (const hex of smallOrder) assert.equal(await verifyEd25519(fromHex(hex), message, forged), false, hex);
});

test('a public key is canonical: a y beyond the prime is refused', async () => {
  for (let beyond = 0n; beyond < 19n; beyond++) {
    const encoded = littleEndian(2n ** 255n - 19n + beyond);
    assert.equal(await verifyEd25519(encoded, message, signature), false);
  }
});

test('a platform without Ed25519 is told from a signature that fails', async () => {
  assert.equal(isUnsupported(new DOMException('no', 'NotSupportedError')), true);
  assert.equal(isUnsupported(new Error('fails')), false);
});

test('the hash of a browser is the hash of the server', async () => {
  assert.equal(toHex(await webSha256(utf8('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
