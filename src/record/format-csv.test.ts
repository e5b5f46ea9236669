import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv } from './format-csv.ts';

test('cells are quoted where they must be, and nothing becomes a formula', () => {
  const csv = formatCsv(
    ['a', 'b'],
    [
      ['x,y', 'say "so"'],
      ['=1+1', '-2'],
      [3, null],
      ['@SUM(A1)', 'two\nlines'],
    ],
  );
  assert.equal(csv, 'a,b\r\n"x,y","say ""so"""\r\n\'=1+1,\'-2\r\n3,\r\n\'@SUM(A1),"two\nlines"\r\n');
});
