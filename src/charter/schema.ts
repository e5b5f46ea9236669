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
/** A secret by reference only: the charter is public. */
const secretRef = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'a reference like `env:NAME` or `file:/path`, never the secret');
const url = z.string().regex(/^https?:\/\/\S+$/, 'an http or https address');
const count = z.number().int().nonnegative();

export const Clearance = z.strictObject({
  level: id.describe('highest level of the lattice'),
  caveats: z.array(id).default([]).describe('caveats that may be handled'),
});

export const Limits = z.strictObject({
  requestsPerMinute: count.optional(),
  tokensPerMinute: count.optional().describe('tokens in and out together'),
  tokensPerDay: count.optional(),
  moneyPerMonth: z.number().nonnegative().optional().describe('in the currency of the charter'),
  concurrent: count.optional().describe('requests at the same time'),
});

export const CharterFile = z.strictObject({
  schema: z.literal('polity-charter-v1'),
  country: jurisdiction,
  name: localText,
  notice: localText.optional().describe('a sentence that every page of an example shows'),
  domain: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'a host name')
    .describe('first part of the origin of each log'),
  status: z.enum(['example', 'draft', 'adopted']),
  languages: z.array(languageTag).min(1),
  quorum: count.describe('signatures of institutions that a change needs; 0: adopted at once'),
  blocs: z.array(jurisdiction).default([]).describe('blocs whose law binds the country, such as EU'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code'),
  redLines: z.array(z.strictObject({ set: id, sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
  pack: z.string().nullable().default(null),
  embedded: z.strictObject({ model: id }).describe('the model that the model process loads'),
});

export const Institution = z.strictObject({
  id,
  name: localText,
  seats: z.array(id),
  keys: z.array(z.string().regex(/^\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/, 'a signed-note verifier key')),
});

export const ClassificationFile = z.strictObject({
  source: z.string(),
  checked: date.nullable(),
  levels: z
    .array(z.strictObject({ id, name: localText, handling: localText }))
    .min(1)
    .describe('from the lowest to the highest'),
  caveats: z.array(z.strictObject({ id, name: localText, handling: localText })),
  equivalences: z
    .array(z.strictObject({ level: id, scheme: z.string(), equals: z.string(), source: z.string(), date }))
    .default([]),
});

export const Purpose = z.strictObject({
  id,
  name: localText,
  legalBasis: z.strictObject({ act: z.string(), section: z.string(), url }),
  audience: z.array(z.enum(['citizen', 'official', 'pupil', 'teacher', 'developer', 'company'])).min(1),
  classes: Clearance.describe('the highest class that this purpose may handle'),
  retentionDays: count.describe('how long payloads may be kept; 0: not at all'),
  reviewDate: date,
});

export const ModelSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path: z.string() }),
  z.strictObject({ kind: z.literal('url'), url }),
  z.strictObject({
    kind: z.literal('huggingface'),
    repo: z.string(),
    file: z.string(),
    revision: z.string().default('main'),
  }),
  z.strictObject({
    kind: z.literal('wheel'),
    package: z.string(),
    version: z.string(),
    member: z.string().describe('path of the GGUF inside the wheel'),
  }),
]);

export const Model = z.strictObject({
  id,
  name: z.string(),
  licence: z.string().describe('SPDX identifier'),
  origin: z.strictObject({ developer: z.string(), jurisdiction, url }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .describe('of the GGUF file; null where a server holds the weights'),
  bytes: count.nullable(),
  context: count.describe('tokens that prompt and answer may have together'),
  languages: z.array(languageTag).describe('languages that the developer names'),
  admitted: z
    .array(z.strictObject({ mode: z.enum(['chat', 'written', 'embeddings']), languages: z.array(languageTag) }))
    .describe('modes and languages in which the model may answer'),
  hardware: z.string().optional().describe('what it needs, in words'),
  checked: date.nullable().default(null),
  sources: z.array(ModelSource).default([]).describe('tried in order'),
});

export const Site = z.strictObject({
  id,
  place: z.string(),
  jurisdiction,
  coordinates: z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]).describe('latitude, longitude'),
  grid: z.strictObject({
    zone: z.string(),
    gramsCo2PerKwh: z.number().nonnegative().nullable(),
    source: z.string().nullable(),
  }),
});

export const Backend = z.strictObject({
  id,
  model: id,
  dialect: z.enum(['embedded', 'openai']),
  url: url.optional().describe('base address up to and including /v1; absent for `embedded`'),
  upstreamModel: z.string().optional().describe('what the upstream calls the model'),
  key: secretRef.optional(),
  site: id,
  operator: z.strictObject({ name: z.string(), jurisdiction }),
  parentJurisdiction: jurisdiction.describe('whose law reaches the owner of the operator'),
  clearance: Clearance.describe('the highest class that this backend is attested for'),
  priority: count.default(100).describe('lower is tried first'),
  price: z.strictObject({ inputPerMillion: z.number().nonnegative(), outputPerMillion: z.number().nonnegative() }),
  energy: z.strictObject({ whPer1000Tokens: z.number().nonnegative().nullable(), source: z.string().nullable() }),
  evidence: z.array(z.strictObject({ claim: z.string(), url: url.nullable(), date })),
  allowPrivateAddress: z.boolean().default(false).describe('may resolve to a private or loopback address'),
  maxOutputTokens: count.default(4096),
  concurrent: count.default(64),
});

export const Tenant = z.strictObject({
  id,
  name: localText,
  kind: z.enum(['ministry', 'agency', 'school', 'municipality', 'company', 'public']),
  purposes: z.array(id).min(1),
  clearance: Clearance,
  limits: Limits.default({}),
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
export type ModelSource = z.infer<typeof ModelSource>;
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
