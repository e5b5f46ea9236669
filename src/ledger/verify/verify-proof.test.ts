import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '../../kit/index.ts';
import { consistencyProof, inclusionProof, type TileReader } from '../prove.ts';
import { leafHash, nodeHash } from '../tree.ts';
import { foldLevels } from './tile-rows.ts';
import { holdsConsistency, holdsInclusion } from './verify-proof.ts';

/** A tree whose entries are all alike: every complete subtree of one height has one hash, so any size can be had. */
const complete: Uint8Array[] = [leafHash(new Uint8Array())];
for (let height = 1; height <= 56; height++) {
  const below = complete[height - 1] as Uint8Array;
  complete.push(nodeHash(below, below));
}
const row = (level: number, width: number) => Array.from({ length: width }, () => complete[8 * level] as Uint8Array);
const readTile: TileReader = async (level, _index, width) => new Uint8Array(Buffer.concat(row(level, width)));

async function rootOf(size: number): Promise<Uint8Array> {
  const levels: Uint8Array[][] = [];
  for (let count = size; count > 0; count = Math.floor(count / 256)) levels.push(row(levels.length, count % 256));
  return await foldLevels(levels, sha256);
}

const sizes = [
  1,
  2,
  3,
  255,
  256,
  257,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 31 + 1,
  2 ** 32 + 7,
  2 ** 49 + 1,
  2 ** 52,
  2 ** 53 - 1,
];

test('proofs are made and hold up to 2^53 - 1, where shifts and logarithms go wrong', async () => {
  for (const size of sizes) {
    const root = await rootOf(size);
    for (const index of [0, Math.floor(size / 2), size - 1]) {
      const path = await inclusionProof(index, size, readTile);
      const claim = { leafHash: complete[0] as Uint8Array, index, size, root, path };
      assert.equal(await holdsInclusion(claim, sha256), true, `${index} of ${size}`);
    }
    for (const old of sizes.filter((one) => one <= size)) {
      const path = await consistencyProof(old, size, readTile);
      const claim = { old: { size: old, root: await rootOf(old) }, now: { size, root }, path };
      assert.equal(await holdsConsistency(claim, sha256), true, `${old} to ${size}`);
    }
  }
});

test('a path with a hash too few, too many or in another place proves nothing', async () => {
  const leaves = Array.from({ length: 7 }, (_, i) => leafHash(Uint8Array.of(i)));
  const readSeven: TileReader = async () => new Uint8Array(Buffer.concat(leaves));
  const root = await foldLevels([leaves], sha256);
  const path = await inclusionProof(3, 7, readSeven);
  const claim = { leafHash: leaves[3] as Uint8Array, index: 3, size: 7, root, path };
  assert.equal(await holdsInclusion(claim, sha256), true);
  const wrong = [path.slice(1), path.slice(0, -1), [...path, root], [...path].reverse(), []];
  for (const other of wrong) assert.equal(await holdsInclusion({ ...claim, path: other }, sha256), false);
  // Sizes 5 to 8 give entry 3 a path of the same shape; the signed root settles which one it is.
  for (const size of [0, 3, 4, 9, 16]) assert.equal(await holdsInclusion({ ...claim, size }, sha256), false);
  const growth = {
    old: { size: 3, root: await foldLevels([leaves.slice(0, 3)], sha256) },
    now: { size: 7, root },
    path: await consistencyProof(3, 7, readSeven),
  };
  assert.equal(await holdsConsistency(growth, sha256), true);
  for (const other of [growth.path.slice(1), growth.path.slice(0, -1), [...growth.path, root], []])
    assert.equal(await holdsConsistency({ ...growth, path: other }, sha256), false);
});

test('size 0 is settled outside the verifier of proofs', async () => {
  const [empty, root] = [await foldLevels([], sha256), await rootOf(5)];
  assert.equal(
    await holdsConsistency({ old: { size: 0, root: empty }, now: { size: 5, root }, path: [] }, sha256),
    false,
  );
  await assert.rejects(consistencyProof(0, 5, readTile), RangeError);
  const same = { size: 5, root };
  assert.equal(await holdsConsistency({ old: same, now: same, path: [] }, sha256), true);
  assert.equal(await holdsConsistency({ old: same, now: same, path: [root] }, sha256), false);
});
