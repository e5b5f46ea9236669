import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { zipOf } from '../../../test/zip-of.ts';
import { extractMember } from './extract-member.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-zip-'));
after(() => rmSync(folder, { recursive: true }));
const target = join(folder, 'out');

function extract(archive: Buffer, name: string): Promise<void> {
  writeFileSync(join(folder, 'in.zip'), archive);
  return extractMember(join(folder, 'in.zip'), name, target);
}

const text = Buffer.from('a model, a model, a model, a model, a model');
const members = [
  { name: 'pkg/__init__.py', data: Buffer.from('import os') },
  { name: 'pkg/model.gguf', data: text },
];

for (const packing of ['stored', 'deflated'] as const) {
  const archive = zipOf(members, { packing });

  test(`one member of a ${packing} archive comes out as its exact bytes, with a comment behind the archive too`, async () => {
    await extract(archive, 'pkg/model.gguf');
    assert.deepEqual(readFileSync(target), text);
    await extract(zipOf(members, { packing, comment: 'x'.repeat(500) }), 'pkg/model.gguf');
    assert.deepEqual(readFileSync(target), text);
  });

  test(`a ${packing} archive cut anywhere is an error and nothing else`, async () => {
    for (let length = 0; length < archive.length; length += 7)
      await assert.rejects(extract(archive.subarray(0, length), 'pkg/model.gguf'), /cut|no zip/);
  });

  test(`a ${packing} member that says another size than it has is refused`, async () => {
    for (const lie of [-1, 1, 1_000]) {
      const lying = zipOf(members, { packing, sizeLie: lie });
      await assert.rejects(extract(lying, 'pkg/model.gguf'), /unpacks to more|is cut/);
    }
  });
}

test('a member that is not there is named; a name never leads out of the archive', async () => {
  await assert.rejects(extract(zipOf(members, {}), 'model.gguf'), /has no `model.gguf`/);
});

test('empty members, other packings and damaged directories are refused', async () => {
  await assert.rejects(extract(zipOf([{ name: 'a', data: Buffer.alloc(0) }], {}), 'a'), /empty/);
  await assert.rejects(extract(zipOf(members, { method: 12 }), 'pkg/model.gguf'), /packing method 12/);
  const damaged = zipOf(members, {});
  damaged.writeUInt32LE(0xfffffff0, damaged.length - 22 + 12);
  await assert.rejects(extract(damaged, 'pkg/model.gguf'), /damaged/);
  const moved = zipOf(members, {});
  moved.writeUInt32LE(moved.readUInt32LE(moved.length - 22 + 16) - 4, moved.length - 22 + 16);
  await assert.rejects(extract(moved, 'pkg/model.gguf'), /damaged/);
});
