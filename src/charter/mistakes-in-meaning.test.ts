import { testMistakes } from '../../test/charter-mistakes.ts';

testMistakes([
  [
    'a duplicate id',
    {
      'sites.yaml': [
        /$/,
        '\n- id: tallinn\n  place: Twice\n  jurisdiction: EE\n  coordinates: [0, 0]\n  grid: { zone: EE, gramsCo2PerKwh: null, source: null }\n',
      ],
    },
    ['sites.yaml:17:7: found the id `tallinn` a second time, expected each id once'],
  ],
  [
    'a model that is in no catalogue',
    { 'backends.yaml': ['model: smollm2-135m-instruct', 'model: smollm2-135m-instuct'] },
    [
      'backends.yaml:6:10: found `smollm2-135m-instuct`, expected the id of a model in models.yaml; did you mean `smollm2-135m-instruct`?',
    ],
  ],
  [
    'a site that is nowhere',
    { 'backends.yaml': ['site: tallinn', 'site: talinn'] },
    ['backends.yaml:9:9: found `talinn`, expected the id of a site in sites.yaml; did you mean `tallinn`?'],
  ],
  [
    'a level that is in no lattice',
    {
      'purposes.yaml': [
        'classes: { level: internal, caveats: [personal, special-category, minor] }',
        'classes: { level: internl, caveats: [personel] }',
      ],
    },
    [
      'purposes.yaml:18:21: found `internl`, expected a level of classification.yaml; did you mean `internal`?',
      'purposes.yaml:18:40: found `personel`, expected a caveat of classification.yaml; did you mean `personal`?',
    ],
  ],
  [
    'a purpose that is in no register',
    {
      'tenants.yaml': [
        'purposes: [education, public-information]',
        'purposes: [educaton, public-information, public-information]',
      ],
    },
    [
      'tenants.yaml:23:14: found `educaton`, expected the id of a purpose in purposes.yaml; did you mean `education`?',
      'tenants.yaml:23:44: found `public-information` a second time, expected each name once',
    ],
  ],
  [
    'an embedded model that is in no catalogue',
    { 'charter.yaml': ['model: smollm2-135m-instruct', 'model: smollm'] },
    ['charter.yaml:47:10: found `smollm`, expected the id of a model in models.yaml'],
  ],
  [
    'an equivalence of an unknown level',
    { 'classification.yaml': ['- level: restricted', '- level: restriced'] },
    [
      'classification.yaml:74:12: found `restriced`, expected a level of classification.yaml; did you mean `restricted`?',
    ],
  ],
  [
    'an unknown set of red lines',
    { 'charter.yaml': ['- set: eu', '- set: ue'] },
    [
      'charter.yaml:37:3: found no set `eu`, expected `eu` with its digest `87100f6ef609dba1b4c719a7ffee7b4983170338238db4650cfac652e2cf58bd`',
      'charter.yaml:39:10: found `ue`, expected one of the released sets: eu, universal; did you mean `eu`?',
    ],
  ],
  [
    'a set of red lines with another digest',
    { 'charter.yaml': [/sha256: 1849[0-9a-f]+/, `sha256: ${'ab'.repeat(32)}`] },
    [
      'charter.yaml:38:13: found `abababababababababababababababababababababababababababababababab`, expected `184972ca839775144477aac750636acb6f78a740065f4501f50ad6b98f014da9`, the digest of the released set `universal`',
    ],
  ],
  [
    'red lines left out',
    { 'charter.yaml': [/ {2}- set: universal\n.*\n/, ''] },
    [
      'charter.yaml:37:3: found no set `universal`, expected `universal` with its digest `184972ca839775144477aac750636acb6f78a740065f4501f50ad6b98f014da9`',
    ],
  ],
  [
    'a country that does not exist',
    { 'sites.yaml': ['jurisdiction: EE', 'jurisdiction: UK'] },
    ['sites.yaml:5:17: found `UK`, expected an ISO 3166-1 code of a country; did you mean `GB`?'],
  ],
  [
    'a bloc without known members',
    { 'charter.yaml': ['blocs: [EU]', 'blocs: [EU, GCC]'] },
    ['charter.yaml:31:13: found `GCC`, expected one of EU, EEA, or a bloc whose members `blocMembers` lists'],
  ],
  [
    'a secret instead of a reference',
    {
      'backends.yaml': ['dialect: embedded', 'dialect: openai\n  url: https://api.example/v1\n  key: hunter2-hunter2'],
    },
    [
      'backends.yaml:10:8: found a literal value (not shown), expected a reference like `env:NAME` or `file:/path`, never the secret',
    ],
  ],
  [
    'a secret in any text',
    {
      'backends.yaml': [
        'The model runs in a process of this installation; nobody attested its place.',
        'sk-0123456789abcdefghij',
      ],
    },
    [
      'backends.yaml:17:14: found a literal secret (not shown), expected a reference like `env:NAME` or `file:/path`: a charter is public',
    ],
  ],
  [
    'a password in an address',
    { 'backends.yaml': ['dialect: embedded', 'dialect: openai\n  url: https://user:hunter2@api.example/v1'] },
    [
      'backends.yaml:9:8: found a literal secret (not shown), expected a reference like `env:NAME` or `file:/path`: a charter is public',
    ],
  ],
  [
    'an upstream without an address',
    { 'backends.yaml': ['dialect: embedded', 'dialect: openai'] },
    ['backends.yaml:5:3: found no `url`, expected the base address of the upstream, up to and including /v1'],
  ],
  [
    'a provider without an address and a key',
    { 'backends.yaml': ['dialect: embedded', 'dialect: bedrock'] },
    [
      'backends.yaml:5:3: found no `key`, expected a `key`, by reference',
      'backends.yaml:5:3: found no `url`, expected the base address of the provider: the charter says where bytes go',
    ],
  ],
  [
    'a signed provider without its region',
    {
      'backends.yaml': [
        'dialect: embedded',
        'dialect: bedrock\n  url: https://b.example\n  key: env:A\n  keyId: env:B',
      ],
    },
    ['backends.yaml:5:3: found no `region`, expected the region that signatures name, such as eu-north-1'],
  ],
  [
    'a setting of another provider',
    { 'backends.yaml': ['dialect: embedded', 'dialect: openai\n  url: https://b.example\n  apiVersion: 2024-10-21'] },
    ['backends.yaml:10:15: found `apiVersion`, expected no `apiVersion`: only `azure` has one'],
  ],
  [
    'an embedded backend with an address',
    { 'backends.yaml': ['dialect: embedded', 'dialect: embedded\n  url: https://api.example/v1'] },
    ['backends.yaml:9:8: found `url`, expected no `url`: the embedded model has no upstream'],
  ],
  [
    'an embedded backend with another model',
    { 'backends.yaml': ['model: smollm2-135m-instruct', 'model: qwen3-4b'] },
    [
      'backends.yaml:6:10: found `qwen3-4b`, expected `smollm2-135m-instruct`, the one model that `embedded` in charter.yaml lets the model process load',
    ],
  ],
  [
    'retrieval with a model and an address',
    {
      'backends.yaml': [
        'model: null\n  dialect: retrieval',
        'model: qwen3-4b\n  dialect: retrieval\n  url: http://127.0.0.1/v1',
      ],
    },
    [
      'backends.yaml:25:10: found `model`, expected `null`: passages are quoted, nothing is written',
      'backends.yaml:27:8: found `url`, expected no `url`',
    ],
  ],
  [
    'a backend that writes without a model',
    { 'backends.yaml': ['model: smollm2-135m-instruct', 'model: null'] },
    ['backends.yaml:6:10: found `null`, expected the id of a model in models.yaml'],
  ],
  [
    'an assistant for a tenant that is not there',
    { 'charter.yaml': ['tenant: public', 'tenant: publik'] },
    ['charter.yaml:59:11: found `publik`, expected the id of a tenant in tenants.yaml; did you mean `public`?'],
  ],
  [
    'a key with another hash',
    { 'institutions.yaml': ['example+d1c8f6d3+', 'example+d1c8f6d4+'] },
    [
      'institutions.yaml:8:10: found the key hash `d1c8f6d4`, which does not fit the key, expected a signed-note verifier key of type Ed25519',
    ],
  ],
  [
    'a key of another form',
    { 'institutions.yaml': ['example+d1c8f6d3+', 'example+'] },
    [
      'institutions.yaml:8:10: found `digital-agency.polity-estonia.example+AQ9xE31hw+dfEGiL/oC…`, expected a signed-note verifier key',
    ],
  ],
  [
    'room for less than two of the largest bodies',
    { 'charter.yaml': [/$/, '\nbounds:\n  audioBytesMax: 400000000\n'] },
    [
      'charter.yaml:79:3: found room for 256000000 bytes of bodies, expected at least 800000000, twice the largest body that `bodyBytesMax` and `audioBytesMax` allow',
    ],
  ],
  [
    'a quorum that cannot be reached',
    { 'charter.yaml': ['quorum: 0', 'quorum: 9'] },
    ['charter.yaml:28:9: found `9`, expected at most 5, the institutions that have a key'],
  ],
  [
    'a name without the principal language',
    { 'tenants.yaml': ['et: Külalised, ', ''] },
    ['tenants.yaml:36:9: found no text in `et`, expected a text in each language of the charter'],
  ],
  [
    'a constructor as a name',
    { 'tenants.yaml': ['purposes: [education, public-information]', 'purposes: [constructor]'] },
    ['tenants.yaml:23:14: found `constructor`, expected the id of a purpose in purposes.yaml'],
  ],
]);
