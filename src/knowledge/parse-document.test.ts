import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from './parse-document.ts';

const path = 'knowledge/et/lost-card.md';
const whole = `---
id: lost-card
title: Kadunud kaart
question: Mida teha, kui kaart on kadunud?
authority: Amet
link: https://example.ee/kaart
office: { name: Amet, link: "https://example.ee/" }
law: [{ act: Seadus, section: null, url: "https://example.ee/seadus" }]
audience: [citizen]
provenance: project
checked: null
---

## Peata sertifikaadid

Helistage kohe.

## Taotle uus

Taotluse saab
esitada teeninduses.
`;

const parse = (text: string) => parseDocument({ path, language: 'et', text });

test('a passage is what stands below its heading, in order', () => {
  const { front, passages, language } = parse(whole);
  assert.deepEqual([language, front.search, front.searchOther], ['et', [], {}]);
  assert.deepEqual(passages, [
    { position: 0, heading: 'Peata sertifikaadid', text: 'Helistage kohe.' },
    { position: 1, heading: 'Taotle uus', text: 'Taotluse saab esitada teeninduses.' },
  ]);
  assert.deepEqual(parse(whole.replaceAll('\n', '\r\n')).passages, passages);
});

test('a mistake is told with file, line, what was found and what was expected', () => {
  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    [whole, 'kein Dokument', /lost-card\.md:1: found no front matter, expected/],
    ['id: lost-card', 'id: other', /:2: found the id `other`, expected `lost-card`/],
    [
      'link: https://example.ee/kaart',
      'link: javascript:alert(1)',
      /:6: `link` is not valid: an http or https address/,
    ],
    ['provenance: project', 'provenance: rumour', /:10: `provenance` is not valid/],
    ['checked: null', 'checked: yesterday', /:11: `checked` is not valid: a date like/],
    ['checked: null', 'checked: null\nauthor: me', /`front matter` is not valid: .*author/],
    ['checked: null', 'checked: [', /:1[12]: found YAML that cannot be read/],
    ['## Peata', 'Enne.\n\n## Peata', /: found text before the first heading, expected `## …`/],
    ['Helistage kohe.', '', /: found a heading without a text below/],
    ['Helistage kohe.', 'a'.repeat(4001), /: found 4001 characters, expected at most 4000/],
    ['## Peata', '# Peata', /:14: found a heading of another level, expected `## …`/],
    ['Taotluse saab', '### Nii\n\nTaotluse saab', /:20: found a heading of another level, expected `## …`/],
  ];
  for (const [from, to, message] of mistakes) assert.throws(() => parse(whole.replace(from, () => to)), message);
});
