import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { findNearest } from '../charter/index.ts';
import { type Charter, Limits, type Tenant } from '../charter/schema.ts';
import { Problem } from '../kit/index.ts';
import { hashSecret, makeKeySecret } from './key-secret.ts';
import type { KeyRecord, KeyStore } from './ports.ts';
import { readFields } from './read-fields.ts';

export const KeyWish = z.strictObject({
  tenant: z.string().min(1),
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens, such as `chat-pilot`')
    .nullable()
    .default(null)
    .describe('of the tenant'),
  purposes: z.array(z.string()).min(1).describe('ids of purposes; the first is the default'),
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}*$/u, 'no control characters')
    .default('unnamed'),
  defaultLevel: z.string().nullable().default(null),
  limits: Limits.default({}),
  role: z.enum(['administrator', 'operator', 'auditor', 'caller']).default('caller'),
  expiresAtMs: z.number().int().positive().nullable().default(null),
});
export type KeyWish = z.input<typeof KeyWish>;

export interface CreatedKey {
  readonly key: KeyRecord;
  /** Shown once; only its hash is kept. */
  readonly secret: string;
}

export interface KeyContext {
  readonly store: KeyStore;
  /** The charter in force: a key can only name what it knows. */
  readonly charter: Charter;
  readonly nowMs: number;
}

export async function createKey(wish: KeyWish, context: KeyContext): Promise<CreatedKey> {
  const wanted = readFields(KeyWish, wish);
  checkAgainstCharter(wanted, context.charter);
  if (wanted.expiresAtMs !== null && wanted.expiresAtMs <= context.nowMs) {
    throw refuse('expiresAtMs', 'the key would be expired already; name a time in the future');
  }
  const secret = makeKeySecret();
  const key: KeyRecord = {
    ...wanted,
    purposes: [...new Set(wanted.purposes)],
    id: `key_${randomBytes(6).toString('hex')}`,
    createdAtMs: context.nowMs,
    revokedAtMs: null,
  };
  await context.store.insert({ ...key, secretHash: hashSecret(secret) });
  return { key, secret };
}

function checkAgainstCharter(wish: z.output<typeof KeyWish>, charter: Charter): void {
  const tenant = charter.tenants.find((candidate) => candidate.id === wish.tenant);
  if (tenant === undefined) {
    throw unknownName(
      'tenant',
      wish.tenant,
      charter.tenants.map((candidate) => candidate.id),
    );
  }
  checkPurposes(wish.purposes, tenant, charter);
  checkProject(wish.project, tenant);
  if (wish.defaultLevel === null) return;
  const levels = charter.classification.levels.map((level) => level.id);
  const at = levels.indexOf(wish.defaultLevel);
  if (at < 0) throw unknownName('defaultLevel', wish.defaultLevel, levels);
  if (at > levels.indexOf(tenant.clearance.level)) {
    const highest = tenant.clearance.level;
    throw refuse('defaultLevel', `the tenant \`${tenant.id}\` may handle data up to \`${highest}\`, not above`);
  }
}

/** A tenant that lists no projects has as many as its keys name. */
function checkProject(project: string | null, tenant: Tenant): void {
  const known = tenant.projects.map(({ id }) => id);
  if (project === null || known.length === 0 || known.includes(project)) return;
  throw unknownName('project', project, known);
}

function checkPurposes(purposes: readonly string[], tenant: Tenant, charter: Charter): void {
  for (const purpose of purposes) {
    if (tenant.purposes.includes(purpose)) continue;
    if (charter.purposes.some((candidate) => candidate.id === purpose)) {
      const own = tenant.purposes.map((id) => `\`${id}\``).join(', ');
      throw refuse('purposes', `the tenant \`${tenant.id}\` does not have the purpose \`${purpose}\`; it has ${own}`);
    }
    throw unknownName('purposes', purpose, tenant.purposes);
  }
}

const nouns: Readonly<Record<string, string>> = {
  tenant: 'tenant',
  purposes: 'purpose',
  project: 'project',
  defaultLevel: 'level',
};

function unknownName(param: string, found: string, known: readonly string[]): Problem {
  const nearest = findNearest(found, known);
  const hint =
    nearest === undefined ? `known are ${known.map((id) => `\`${id}\``).join(', ')}` : `did you mean \`${nearest}\`?`;
  return refuse(param, `the adopted charter has no ${nouns[param]} \`${found}\`; ${hint}`);
}

function refuse(param: string, detail: string): Problem {
  return new Problem('invalid-request', detail, { param });
}
