/** The statement that a receipt signs, as verifiers and the web read it. docs/spec/receipt.md explains each member. */
import { z } from 'zod';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'urn:polity:answer:v1';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const salt = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const clauseIds = z.array(z.string());

/** What a statement says that is the same for all requests of one caller, purpose, class, route, endpoint and wish. */
const Stated = z.strictObject({
  installation: z.string(),
  family: z.literal('decisions'),
  tenant: z.string(),
  purpose: z.strictObject({ id: z.string(), legalBasis: z.string() }),
  classification: z.strictObject({ level: z.string(), caveats: z.array(z.string()) }),
  endpoint: z.string(),
  requestedModel: z.string(),
  model: z.strictObject({ id: z.string(), sha256: hex32.nullable() }).nullable(),
  backend: z
    .strictObject({
      id: z.string(),
      site: z.string(),
      jurisdiction: z.string(),
      operator: z.string(),
      operatorJurisdiction: z.string(),
      parentJurisdiction: z.string(),
    })
    .nullable(),
  charter: z.strictObject({ digest: hex32 }),
  policy: z.strictObject({
    digest: hex32,
    outcome: z.enum(['allowed', 'denied']),
    clauses: clauseIds.describe('that allowed the route, or that denied the request'),
    considered: z.array(z.strictObject({ backend: z.string(), allowed: z.boolean(), clauses: clauseIds })),
  }),
  obligations: z.array(z.strictObject({ kind: z.string(), clause: z.string() })),
});

/** What the path hands to the ledger once for many requests. Key and project are for the count of usage and never signed. */
export const Circumstances = z.strictObject({
  stated: Stated,
  currency: z.string(),
  key: z.string(),
  project: z.string(),
});

export const Ending = z.strictObject({
  ended: z.enum(['complete', 'refused', 'failed', 'unfinished']),
  reason: z.string().nullable().describe('finish reason of the model, or code of the problem'),
  endedAt: z.string(),
  usage: z.strictObject({
    promptTokens: z.number(),
    completionTokens: z.number(),
    source: z.enum(['upstream', 'counted', 'reserved', 'none']),
  }),
  spent: z.strictObject({ moneyMicros: z.number(), currency: z.string() }),
});

const Predicate = z.strictObject({
  ...Stated.shape,
  ...Ending.shape,
  id: z.string().describe('the receipt id'),
  attempt: z.strictObject({ number: z.number().int().positive(), previous: z.string().nullable() }),
  /** Salts by subject name. */
  salts: z.record(z.string(), salt),
  doesNotProve: z.string(),
});

export const Statement = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.strictObject({ name: z.string(), digest: z.strictObject({ polityCommitV1: hex32 }) })).min(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: Predicate,
});

export type Stated = z.infer<typeof Stated>;
export type Circumstances = z.infer<typeof Circumstances>;
export type Ending = z.infer<typeof Ending>;
export type Statement = z.infer<typeof Statement>;
