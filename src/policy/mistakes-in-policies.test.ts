import { testMistakes } from '../../test/charter-mistakes.ts';

testMistakes([
  [
    'a policy owner that is no institution',
    { 'policies/permits.cedar': ['@owner("digital-agency")', '@owner("digital-agncy")'] },
    [
      'policies/permits.cedar:9:1: found the owner `digital-agncy`, expected the id of an institution in institutions.yaml; did you mean `digital-agency`?',
    ],
  ],
  [
    'a policy with broken syntax',
    {
      'policies/permits.cedar': [
        'permit (principal, action == Action::"answer", resource)',
        'permit (principal, action == Action::"answer" resource)',
      ],
    },
    [
      'policies/permits.cedar:15:47: found unexpected token `resource`, expected `!=`, `&&`, `(`, `)`, `*`, `+`, `,`, `-`, `.`, `<`, `<=`, `==`, `>`, `>=`, `[`, `||`, `has`, `in`, `is`, or `like`',
    ],
  ],
  [
    'a policy that does not end',
    { 'policies/residency.cedar': [/\};\s*$/, '}'] },
    ['policies/residency.cedar:72:82: found unexpected end of input, expected `;` or identifier'],
  ],
  [
    'a misspelt name in a policy',
    { 'policies/permits.cedar': ['Purpose::"casework"', 'Purpose::"casewrok"'] },
    [
      'policies/permits.cedar:32:22: found `Purpose::"casewrok"`, expected a `Purpose` of the charter: one of `public-information`, `casework`, `drafting`, `education`, `research`, `startup-development`; did you mean `Purpose::"casework"`?',
    ],
  ],
  [
    'a misspelt fact in a policy',
    { 'policies/permits.cedar': ['resource.inBloc &&', 'resource.inBlock &&'] },
    [
      'policies/permits.cedar:19:3: found the unknown attribute `inBlock` on entity type `Backend`, expected a policy that fits the facts of docs/spec/charter.md; did you mean `inBloc`?',
    ],
  ],
  [
    'a misspelt level in a policy',
    { 'policies/residency.cedar': ['!context.upTo.internal', '!context.upTo.internl'] },
    [
      'policies/residency.cedar:13:9: found the unknown attribute `upTo.internl` in context for Action::"answer", expected a policy that fits the facts of docs/spec/charter.md; did you mean `internal`?',
    ],
  ],
  [
    'a country that does not exist in a policy',
    {
      'policies/residency.cedar': [
        'when { !resource.parentInBloc }',
        'when { resource.jurisdiction == Jurisdiction::"UK" }',
      ],
    },
    [
      'policies/residency.cedar:71:33: found `Jurisdiction::"UK"`, expected a `Jurisdiction` of the charter; did you mean `Jurisdiction::"GB"`?',
    ],
  ],
  [
    'a tenant that is not there in a policy',
    { 'policies/permits.cedar': ['permit (principal, action', 'permit (principal == Tenant::"agencey", action'] },
    [
      'policies/permits.cedar:15:22: found `Tenant::"agencey"`, expected a tenant of the charter; did you mean `Tenant::"agency"`?',
    ],
  ],
  [
    'an unknown type in a policy',
    { 'policies/permits.cedar': ['Purpose::"casework"', 'Purposes::"casework"'] },
    [
      'policies/permits.cedar:32:22: found the unknown entity type `Purposes`, expected a policy that fits the facts of docs/spec/charter.md; did you mean `Purpose`?',
    ],
  ],
  [
    'a comparison of types that never match',
    { 'policies/permits.cedar': ['Purpose::"casework"', '"casework"'] },
    [
      'policies/permits.cedar:32:3: found the types String and Purpose are not compatible, expected a policy that fits the facts of docs/spec/charter.md (both operands to a `==` expression must have compatible types. Types must be exactly equal to be compatible)',
    ],
  ],
  [
    'an operator outside the finite fragment',
    { 'policies/residency.cedar': ['!context.upTo.internal', 'context.level + 1 > 2'] },
    [
      'policies/residency.cedar:13:22: found `+`, expected operators over finite sets only, so that the law can be proved: ==, !=, <, in, contains, &&, ||, !, has, is',
    ],
  ],
  [
    'a wildcard in a policy',
    { 'policies/permits.cedar': ['context.purpose == Purpose::"casework"', '"casework" like "case*"'] },
    [
      'policies/permits.cedar:32:14: found `like`, expected operators over finite sets only, so that the law can be proved: ==, !=, <, in, contains, &&, ||, !, has, is',
    ],
  ],
  [
    'an address in a policy',
    { 'policies/permits.cedar': ['context.purpose == Purpose::"casework"', 'ip("10.0.0.1").isLoopback()'] },
    [
      'policies/permits.cedar:32:18: found `isLoopback`, expected operators over finite sets only, so that the law can be proved: ==, !=, <, in, contains, &&, ||, !, has, is',
    ],
  ],
  [
    'a template',
    { 'policies/permits.cedar': ['permit (principal, action', 'permit (principal == ?principal, action'] },
    ['policies/permits.cedar:15:22: found a template containing the slot ?principal, expected a policy without slots'],
  ],
  [
    'a missing annotation',
    { 'policies/permits.cedar': [/@legalBasis.*\n/, ''] },
    ['policies/permits.cedar:14:1: found no `@legalBasis`, expected `@legalBasis("…")` before each policy'],
  ],
  [
    'a missing sentence',
    { 'policies/permits.cedar': [/@sentence_ru.*\n/, ''] },
    ['policies/permits.cedar:14:1: found no `@sentence_ru`, expected `@sentence_ru("…")` before each policy'],
  ],
  [
    'an unknown annotation',
    { 'policies/permits.cedar': ['@obligation("disclose")', '@obligations("disclose")'] },
    [
      'policies/permits.cedar:11:1: found the unknown annotation `@obligations` on a permit, expected one of `@id`, `@name`, `@legalBasis`, `@owner`, `@reviewDate`, `@sentence_et`, `@sentence_en`, `@sentence_ru`, `@obligation`; did you mean `@obligation`?',
    ],
  ],
  [
    'an unknown obligation',
    { 'policies/permits.cedar': ['@obligation("disclose")', '@obligation("disclose, psuedonymise")'] },
    [
      'policies/permits.cedar:11:1: found the obligation `psuedonymise`, expected one of `disclose`, `pseudonymise`, separated by commas; did you mean `pseudonymise`?',
    ],
  ],
  [
    'an obligation on a forbid',
    { 'policies/residency.cedar': ['@name("State', '@obligation("disclose")\n@name("State'] },
    [
      'policies/residency.cedar:5:1: found the unknown annotation `@obligation` on a forbid, expected one of `@id`, `@name`, `@legalBasis`, `@owner`, `@reviewDate`, `@sentence_et`, `@sentence_en`, `@sentence_ru`',
    ],
  ],
  [
    'a duplicate id of a policy',
    { 'policies/residency.cedar': ['@id("ee-foreign-owner")', '@id("ee-drafting")'] },
    [
      'policies/residency.cedar:62:1: found the id `ee-drafting` a second time (first in policies/permits.cedar:38), expected each id once over all policies and red lines',
    ],
  ],
  [
    'the id of a red line',
    { 'policies/residency.cedar': ['@id("ee-foreign-owner")', '@id("eu-social-scoring")'] },
    [
      'policies/residency.cedar:62:1: found the id `eu-social-scoring` a second time (first in red-lines/eu.cedar:28), expected each id once over all policies and red lines',
    ],
  ],
  [
    'the id of a clause of the platform',
    { 'policies/residency.cedar': ['@id("ee-foreign-owner")', '@id("no-permit")'] },
    [
      'policies/residency.cedar:62:1: found the id `no-permit`, expected an id that is not a clause of the platform itself',
    ],
  ],
]);
