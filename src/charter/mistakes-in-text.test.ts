import { testMistakes } from '../../test/charter-mistakes.ts';

const text = (content: string) => new TextEncoder().encode(content);

testMistakes([
  [
    'an alias',
    { 'charter.yaml': ['blocs: [EU]', 'blocs: &b [EU]\nmore: *b'] },
    [
      'charter.yaml:31:11: found the anchor `&b`, expected no anchors: write the value out',
      'charter.yaml:32:7: found the alias `*b`, expected the value itself, written out',
    ],
  ],
  [
    'a bomb of aliases',
    { 'sites.yaml': 'a: &a [x, x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n' },
    [
      'sites.yaml:1:7: found the anchor `&a`, expected no anchors: write the value out',
      'sites.yaml:2:7: found the anchor `&b`, expected no anchors: write the value out',
      'sites.yaml:2:8: found the alias `*a`, expected the value itself, written out',
      'sites.yaml:2:12: found the alias `*a`, expected the value itself, written out',
      'sites.yaml:3:5: found the alias `*b`, expected the value itself, written out',
      'sites.yaml:3:9: found the alias `*b`, expected the value itself, written out',
    ],
  ],
  [
    'a tag',
    { 'charter.yaml': ['currency: EUR', 'currency: !!binary EUR'] },
    ['charter.yaml:33:20: found the tag `!!binary`, expected a plain value without a tag'],
  ],
  [
    'a merge key',
    { 'charter.yaml': ['currency: EUR', 'currency: EUR\n<<: { quorum: 3 }'] },
    [
      'charter.yaml:34:1: found the unknown key `<<`, expected one of `schema`, `country`, `name`, `notice`, `domain`, `status`, `languages`, `quorum`, `blocs`, `blocMembers`, `currency`, `redLines`, `pack`, `embedded`, `routing`, `limits`, `bounds`, `assistant`',
    ],
  ],
  [
    'a second document',
    { 'sites.yaml': [/$/, '---\nmore: 1\n'] },
    ['sites.yaml:16:1: found a second document after `---`, expected one document in each file'],
  ],
  [
    'a byte order mark',
    { 'sites.yaml': ['# Places', '\ufeff# Places'] },
    ['sites.yaml:1:1: found a byte order mark, expected UTF-8 without a byte order mark'],
  ],
  [
    'a tab',
    { 'charter.yaml': ['  et: Eesti', '\tet: Eesti'] },
    ['charter.yaml:8:1: found a tab, expected spaces for indentation'],
  ],
  [
    'bytes that are not UTF-8',
    { 'sites.yaml': Uint8Array.from([...text('# Places\n- id: T'), 0xff, 0xfe]) },
    ['sites.yaml:2:8: found bytes that are not UTF-8, expected text in UTF-8'],
  ],
  [
    'a character that nobody sees',
    { 'charter.yaml': ['Estonia', 'Esto\u202enia'] },
    ['charter.yaml:1:79: found the invisible character U+202E, expected visible characters only'],
  ],
  [
    'an empty file',
    { 'sites.yaml': '' },
    ['sites.yaml:1:1: found an empty file, expected the content that docs/spec/charter.md describes'],
  ],
  ['a file with comments only', { 'sites.yaml': '# Places\n' }, ['sites.yaml:1:1: found nothing, expected a list']],
  [
    'a file that is too large',
    { 'sites.yaml': '#'.repeat(300_000) },
    ['sites.yaml:1:1: found more than 262144 bytes, expected at most 262144 bytes in one file'],
  ],
  [
    'nesting in brackets',
    { 'sites.yaml': '['.repeat(100_000) },
    ['sites.yaml:1:18: found lists and maps nested deeper, expected at most 16 levels'],
  ],
  [
    'nesting in dashes',
    { 'sites.yaml': '- '.repeat(100_000) },
    ['sites.yaml:1:34: found lists and maps nested deeper, expected at most 16 levels'],
  ],
  [
    'nesting by indentation',
    { 'sites.yaml': Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:\n`).join('') },
    ['sites.yaml:81:81: found lists and maps nested deeper, expected at most 16 levels'],
  ],
  [
    'broken YAML',
    { 'sites.yaml': '- id: [tallinn\n  place: x\n' },
    [
      'sites.yaml:2:3: found flow sequence in block collection must be sufficiently indented and end with a ], expected YAML 1.2',
    ],
  ],
  [
    'a prototype as a key',
    { 'charter.yaml': ['currency: EUR', 'currency: EUR\n__proto__: { admin: true }'] },
    [
      'charter.yaml:34:1: found the unknown key `__proto__`, expected one of `schema`, `country`, `name`, `notice`, `domain`, `status`, `languages`, `quorum`, `blocs`, `blocMembers`, `currency`, `redLines`, `pack`, `embedded`, `routing`, `limits`, `bounds`, `assistant`',
    ],
  ],
]);
