import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { root } from './read-tree.ts';

const reach = ['fetch', 'setTimeout', 'setInterval', 'process', 'performance'];

test('core folders may not reach the world by a global, edges may', async () => {
  const house = await mkdtemp(join(tmpdir(), 'polity-lint-'));
  try {
    await copyFile(join(root, 'biome.json'), join(house, 'biome.json'));
    const text = reach.map((name, i) => `export const x${i} = ${name};`).join('\n');
    for (const folder of ['gateway', 'ledger/verify', 'store', 'processes']) {
      await mkdir(join(house, 'src', folder), { recursive: true });
      await writeFile(join(house, 'src', folder, 'planted.ts'), text);
    }
    const found = await lint(house);
    for (const folder of ['gateway', 'ledger/verify']) {
      const lines = found.filter((line) => line.includes(`src/${folder}/planted.ts`));
      assert.equal(lines.length, reach.length, `${folder}: ${lines.join('; ')}`);
    }
    assert.equal(found.length, 2 * reach.length, 'an edge was refused');
  } finally {
    await rm(house, { recursive: true });
  }
});

/** The lines of Biome's report that name the rule. Its exit code is 1 when it finds something, which is no failure here. */
function lint(folder: string): Promise<string[]> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const rule = ['lint', '--vcs-enabled=false', '--reporter=github', '--only=style/noRestrictedGlobals', 'src'];
  return new Promise((resolve) => {
    execFile(process.execPath, [biome, ...rule], { cwd: folder }, (_, stdout) => {
      resolve(stdout.split('\n').filter((line) => line.includes('noRestrictedGlobals')));
    });
  });
}
