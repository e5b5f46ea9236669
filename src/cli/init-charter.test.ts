import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { countryCodes, readCharterFolder } from '../charter/index.ts';
import { checkCharter, readRedLineSets } from '../policy/index.ts';
import { runInit } from './init-charter.ts';
import { findCountry } from './init-country.ts';

const scratch = mkdtempSync(join(tmpdir(), 'polity-init-'));
after(() => rmSync(scratch, { recursive: true }));

function init(country: string, folder: string) {
  const lines: string[] = [];
  const output = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
  return { code: runInit({ country, folder }, output), lines };
}

for (const country of [
  'EE',
  'no',
  'Côte d’Ivoire',
  'Deutschland',
  'türkiye',
  'United States',
  'Bosnia & Herzegovina',
]) {
  test(`init ${country} writes a charter that passes the check without a warning`, () => {
    const folder = join(scratch, country);
    const { code, lines } = init(country, folder);
    assert.equal(code, 0, lines.join('\n'));
    assert.deepEqual(
      lines.filter((line) => line.startsWith('warning')),
      [],
    );
    const checked = checkCharter(readCharterFolder(folder), readRedLineSets());
    assert.equal(checked.kind, 'valid');
    assert.doesNotMatch(
      [...readCharterFolder(folder).values()].map((bytes) => new TextDecoder().decode(bytes)).join(''),
      /__[A-Z_]+__/,
    );
  });
}

test('every country is found by its code and by its English name', () => {
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  const lost = countryCodes.filter(
    (code) => findCountry(code).kind !== 'found' || findCountry(names.of(code) ?? '').kind !== 'found',
  );
  assert.deepEqual(lost, []);
});

test('a country is bound by its blocs and counts in its currency', () => {
  const facts = ['FI', 'NO', 'CH'].map((code) => {
    const found = findCountry(code);
    return found.kind === 'found' ? [found.country.blocs, found.country.currency] : [];
  });
  assert.deepEqual(facts, [
    [['EU'], 'EUR'],
    [['EEA'], null],
    [[], null],
  ]);
});

test('a name that is no country is answered with the nearest one', () => {
  assert.deepEqual(init('Estnia', join(scratch, 'x')), {
    code: 1,
    lines: ['`Estnia` is neither an ISO 3166-1 code nor the name of a country; did you mean `estonia`?'],
  });
});

test('nothing that is there is overwritten', () => {
  const folder = join(scratch, 'taken');
  assert.equal(init('EE', folder).code, 0);
  const file = join(folder, 'charter.yaml');
  writeFileSync(file, 'mine');
  const { code, lines } = init('EE', folder);
  assert.equal(code, 1);
  assert.match(lines[0] ?? '', /is already there and is not overwritten/);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
  assert.equal(init('EE', file).code, 1);
});
