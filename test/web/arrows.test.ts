import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { root } from '../read-tree.ts';

const files = globSync('web/**/*.{ts,tsx}', { cwd: root, exclude: ['web/dist/**'] }).filter(
  (file) => !file.endsWith('.test.ts'),
);

/** All that a page may take from the server's side. */
const doors = [/^src\/[a-z]+\/schema\.ts$/, /^src\/kit\/browser\.ts$/, /^src\/ledger\/verify\/index\.ts$/];

function imports(file: string): { readonly line: string; readonly target: string }[] {
  const text = readFileSync(resolve(root, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)';/gm)].map(([line, specifier]) => ({
    line,
    target: relative(root, resolve(root, dirname(file), specifier as string)),
  }));
}

test('the web takes types, the kit for browsers and the verifier from src, and nothing else', () => {
  for (const file of files) {
    for (const { line, target } of imports(file)) {
      if (target.startsWith('web/')) continue;
      assert.ok(
        doors.some((door) => door.test(target)),
        `${file} imports ${target}`,
      );
      if (target.endsWith('/schema.ts'))
        assert.match(line, /^(import|export) type /, `${file} imports more than types of ${target}`);
    }
  }
});

test('surfaces do not know one another', () => {
  const surfaces = ['assistant', 'console', 'public'];
  for (const file of files) {
    const own = surfaces.find((surface) => file.startsWith(`web/${surface}/`));
    for (const { target } of imports(file)) {
      const other = surfaces.find((surface) => target.startsWith(`web/${surface}/`));
      const isAllowed = other === undefined || other === own || file.startsWith('web/app.') || target.endsWith('.json');
      assert.ok(isAllowed, `${file} imports ${target}`);
    }
  }
});
