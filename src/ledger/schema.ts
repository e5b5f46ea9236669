/** The statement that a receipt signs, as verifiers and the web read it. docs/spec/receipt.md explains each member. */
import { z } from 'zod';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'urn:polity:answer:v1';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const salt = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const clauseIds = z.array(z.string());

export const PredicateDraft = z.strictObject({
  id: z.string().describe('the receipt id'),
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
  attempt: z.strictObject({ number: z.number().int().positive(), previous: z.string().nullable() }),
  /** Salts by subject name. */
  salts: z.record(z.string(), salt),
  /** Commitments by subject name, hexadecimal: what is known so far. */
  commitments: z.record(z.string(), hex32),
  reserved: z.strictObject({ tokens: z.number(), moneyMicros: z.number(), currency: z.string() }),
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
  ...PredicateDraft.omit({ commitments: true, reserved: true }).shape,
  ...Ending.shape,
  doesNotProve: z.string(),
});

export const Statement = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.strictObject({ name: z.string(), digest: z.strictObject({ polityCommitV1: hex32 }) })).min(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: Predicate,
});

export type PredicateDraft = z.infer<typeof PredicateDraft>;
export type Ending = z.infer<typeof Ending>;
export type Statement = z.infer<typeof Statement>;
