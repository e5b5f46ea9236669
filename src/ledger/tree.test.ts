import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, sha256, toHex } from '../kit/index.ts';
import { appendEntries, type Edge, edgeFromTiles, emptyEdge } from './append.ts';
import { consistencyProof, inclusionProof, type TileReader } from './prove.ts';
import { decodeBundle, encodeBundle, parseTilePath, pathOf, placesOf } from './tiles.ts';
import { leafHash } from './tree.ts';
import { holdsConsistency, holdsInclusion } from './verify/verify-proof.ts';

const entryOf = (index: number) => new TextEncoder().encode(`entry ${index}`);

/** A log in memory, grown in the given batches, keeping every tile of every size. */
function grow(batches: readonly number[]) {
  const files = new Map<string, Uint8Array>();
  const roots = new Map<number, Uint8Array>();
  let edge: Edge = emptyEdge;
  for (const count of batches) {
    const grown = appendEntries(
      edge,
      Array.from({ length: count }, (_, i) => entryOf(edge.size + i)),
    );
    for (const tile of grown.tiles) keep(files, pathOf({ kind: 'tile', ...tile }), tile.bytes);
    for (const bundle of grown.bundles) keep(files, pathOf({ kind: 'entries', ...bundle }), bundle.bytes);
    edge = grown.edge;
    roots.set(edge.size, grown.root);
  }
  const readTile: TileReader = async (level, index, width) =>
    files.get(pathOf({ kind: 'tile', level, index, width })) as Uint8Array;
  return { files, roots, edge, readTile };
}

/** Immutable: a path never gets other bytes. */
function keep(files: Map<string, Uint8Array>, path: string, bytes: Uint8Array): void {
  const before = files.get(path);
  if (before !== undefined) assert.deepEqual(before, bytes, path);
  files.set(path, bytes);
}

const plain = ({ size, levels, bundle }: Edge) => ({
  size,
  levels: levels.map(toHex),
  bundle: bundle.map(toHex),
});

/** The eight entries and roots that Certificate Transparency tests with (certificate-transparency-go, testdata). */
const known: readonly [entry: string, root: string][] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
];

test('the roots are those that others published', () => {
  let edge = emptyEdge;
  for (const [entry, root] of known) {
    const grown = appendEntries(edge, [fromHex(entry)]);
    assert.equal(toHex(grown.root), root);
    edge = grown.edge;
  }
});

const sizes = [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537];

test('a log has exactly the tiles that its size demands, level 1 at exact multiples of 256 included', () => {
  for (const size of sizes) {
    const { files } = grow([size]);
    assert.deepEqual([...files.keys()].sort(), placesOf(size).map(pathOf).sort(), String(size));
  }
});

test('any batching gives the same root, the same final tiles and an edge that can be read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }), async (batches) => {
      const split = grow(batches);
      const { size } = split.edge;
      const whole = grow([size]);
      assert.deepEqual(split.roots.get(size), whole.roots.get(size));
      for (const [path, bytes] of whole.files) assert.deepEqual(split.files.get(path), bytes, path);
      const edge = await edgeFromTiles(size, {
        tile: async (level, index, width) => whole.files.get(pathOf({ kind: 'tile', level, index, width })) ?? null,
        bundle: async (index, width) => whole.files.get(pathOf({ kind: 'entries', index, width })) ?? null,
      });
      assert.deepEqual(plain(edge), plain(split.edge));
    }),
    { numRuns: 40 },
  );
});

test('inclusion and consistency hold between any two sizes, and for no other entry or root', async () => {
  const { roots, readTile } = grow(Array.from({ length: 600 }, () => 1));
  const rootAt = (size: number) => roots.get(size) as Uint8Array;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 600 }),
      fc.nat(599),
      fc.integer({ min: 1, max: 600 }),
      async (size, some, other) => {
        const index = some % size;
        const path = await inclusionProof(index, size, readTile);
        const claim = { leafHash: leafHash(entryOf(index)), index, size, root: rootAt(size), path };
        assert.equal(await holdsInclusion(claim, sha256), true);
        assert.equal(await holdsInclusion({ ...claim, leafHash: leafHash(entryOf(index + 1)) }, sha256), false);
        assert.equal(await holdsInclusion({ ...claim, index: index + 1 }, sha256), false);
        const [old, now] = [Math.min(size, other), Math.max(size, other)];
        const growth = {
          old: { size: old, root: rootAt(old) },
          now: { size: now, root: rootAt(now) },
          path: await consistencyProof(old, now, readTile),
        };
        assert.equal(await holdsConsistency(growth, sha256), true);
        const forged = { ...growth, old: { size: old, root: sha256('another history') } };
        assert.equal(await holdsConsistency(forged, sha256), false);
      },
    ),
    { numRuns: 150 },
  );
});

test('only the one canonical path names a tile', () => {
  for (const path of ['tile/0/000', 'tile/63/x001/x234/067', 'tile/entries/000.p/1', 'tile/1/000.p/255']) {
    const place = parseTilePath(path);
    assert.ok(place !== null);
    assert.equal(pathOf(place), path);
  }
  const wrong = [
    'tile/00/000',
    'tile/64/000',
    'tile/0/0',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/x000/000',
    'tile/0/001/000',
  ];
  for (const path of [
    ...wrong,
    'tile/8/0/000',
    'tile/entries/000/',
    '/tile/0/000',
    'tile/0/000.p',
    'tile//000',
    'tile/0/%30%30%30',
  ]) {
    assert.equal(parseTilePath(path), null, path);
  }
});

test('a bundle is read back whole, and never with a byte too few or too many', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 20 }), (entries) => {
      const bytes = encodeBundle(entries);
      assert.deepEqual(decodeBundle(bytes, entries.length), entries);
      assert.throws(() => decodeBundle(bytes, entries.length + 1), RangeError);
      assert.throws(() => decodeBundle(Uint8Array.of(...bytes, 0), entries.length), RangeError);
    }),
  );
  assert.throws(() => encodeBundle([new Uint8Array(65_536)]), RangeError);
});
