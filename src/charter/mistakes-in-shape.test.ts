import { testMistakes } from '../../test/charter-mistakes.ts';

testMistakes([
  [
    'an unknown key',
    { 'tenants.yaml': ['clearance: { level: public, caveats: [] }', 'clearence: { level: public, caveats: [] }'] },
    [
      'tenants.yaml:27:3: found no `clearance`, expected a map of keys and values',
      'tenants.yaml:31:3: found the unknown key `clearence`, expected one of `id`, `name`, `kind`, `purposes`, `clearance`, `limits`, `projects`; did you mean `clearance`?',
    ],
  ],
  [
    'an unknown key inside a map',
    { 'tenants.yaml': ['requestsPerMinute: 60,', 'requestPerMinute: 60,'] },
    [
      'tenants.yaml:40:13: found the unknown key `requestPerMinute`, expected one of `requestsPerMinute`, `tokensPerMinute`, `tokensInPerMinute`, `tokensOutPerMinute`, `requestsPerDay`, `tokensPerDay`, `tokensInPerDay`, `tokensOutPerDay`, `moneyPerDay`, `moneyPerMonth`, `energyWhPerDay`, `energyWhPerMonth`, `concurrent`, `concurrentStreams`; did you mean `requestsPerMinute`?',
    ],
  ],
  [
    'a missing key',
    { 'charter.yaml': [/^currency: EUR\n/m, ''] },
    ['charter.yaml:5:1: found no `currency`, expected text'],
  ],
  [
    'a duplicate key',
    { 'charter.yaml': ['currency: EUR', 'currency: EUR\ncurrency: SEK'] },
    ['charter.yaml:34:1: found the key `currency` a second time, expected each key once'],
  ],
  [
    'a wrong type',
    { 'charter.yaml': ['quorum: 0', 'quorum: none'] },
    ['charter.yaml:28:9: found `none`, expected a number'],
  ],
  [
    'a fraction for a whole number',
    { 'backends.yaml': ['priority: 10', 'priority: 1.5'] },
    ['backends.yaml:13:13: found the number `1.5`, expected a whole number'],
  ],
  [
    'a negative number',
    { 'backends.yaml': ['inputPerMillion: 0,', 'inputPerMillion: -1,'] },
    ['backends.yaml:14:29: found the number `-1`, expected at least 0'],
  ],
  [
    'a text that is no date',
    { 'purposes.yaml': ['reviewDate: 2027-11-23', 'reviewDate: next year'] },
    ['purposes.yaml:12:15: found `next year`, expected a date like 2026-11-23'],
  ],
  [
    'a value outside a fixed set',
    { 'tenants.yaml': ['kind: ministry', 'kind: minstry'] },
    [
      'tenants.yaml:7:9: found `minstry`, expected one of `ministry`, `agency`, `school`, `municipality`, `company`, `public`; did you mean `ministry`?',
    ],
  ],
  ['a list that is a map', { 'sites.yaml': 'id: tallinn\n' }, ['sites.yaml:1:1: found a map, expected a list']],
  [
    'an id with capitals',
    { 'sites.yaml': ['id: tallinn', 'id: Tallinn'] },
    [
      'backends.yaml:9:9: found `tallinn`, expected the id of a site in sites.yaml; did you mean `Tallinn`?',
      'backends.yaml:27:9: found `tallinn`, expected the id of a site in sites.yaml; did you mean `Tallinn`?',
      'sites.yaml:3:7: found `Tallinn`, expected lower-case letters, digits, dots and hyphens, at most 63 characters',
    ],
  ],
  [
    'coordinates outside the globe',
    { 'sites.yaml': ['[59.437, 24.7536]', '[159.437, 24.7536]'] },
    ['sites.yaml:6:17: found the number `159.437`, expected at most 90'],
  ],
  [
    'a misspelt key of a map that may be absent',
    { 'charter.yaml': ['currency: EUR', 'currency: EUR\nrouting: { balanse: latency }'] },
    [
      'charter.yaml:34:12: found the unknown key `balanse`, expected one of `balance`, `affinity`; did you mean `balance`?',
    ],
  ],
  [
    'a weight of nothing',
    { 'backends.yaml': ['  priority: 10', '  priority: 10\n  weight: 0'] },
    ['backends.yaml:14:11: found the number `0`, expected more than 0'],
  ],
  [
    'a language tag that is none',
    { 'charter.yaml': ['  et: Eesti', '  Estonian: Eesti\n  et: Eesti'] },
    ['charter.yaml:8:3: found the key `Estonian`, expected a BCP 47 language tag like `et`'],
  ],
  [
    'a source of an unknown kind',
    { 'models.yaml': ['kind: huggingface', 'kind: hugingface'] },
    [
      'models.yaml:27:15: found `hugingface`, expected one of `file`, `url`, `huggingface`, `wheel`; did you mean `huggingface`?',
    ],
  ],
  [
    'a missing file',
    { 'sites.yaml': null },
    ['sites.yaml: found no such file, expected every file of a charter; `./polity init` writes them all'],
  ],
  [
    'no policies',
    { 'policies/permits.cedar': null, 'policies/residency.cedar': null },
    ['policies/: found no such file, expected at least one `.cedar` file: without a permit nothing is allowed'],
  ],
  [
    'several mistakes at once',
    {
      'charter.yaml': ['currency: EUR', 'curency: EUR'],
      'tenants.yaml': ['purposes: [education, public-information]', 'purposes: [educaton]'],
      'policies/permits.cedar': ['@owner("digital-agency")', '@ownr("digital-agency")'],
    },
    [
      'charter.yaml:5:1: found no `currency`, expected text',
      'charter.yaml:33:1: found the unknown key `curency`, expected one of `schema`, `country`, `name`, `notice`, `domain`, `status`, `languages`, `quorum`, `blocs`, `blocMembers`, `currency`, `redLines`, `pack`, `embedded`, `routing`, `limits`, `bounds`, `assistant`; did you mean `currency`?',
      'policies/permits.cedar:9:1: found the unknown annotation `@ownr` on a permit, expected one of `@id`, `@name`, `@legalBasis`, `@owner`, `@reviewDate`, `@obligation`; did you mean `@owner`?',
      'policies/permits.cedar:15:1: found no `@owner`, expected `@owner("…")` before each policy',
      'tenants.yaml:23:14: found `educaton`, expected the id of a purpose in purposes.yaml; did you mean `education`?',
    ],
  ],
]);
