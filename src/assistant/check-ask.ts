import { z } from 'zod';
import { Problem } from '../kit/index.ts';
import { type Ask, type Contest, contestReasons } from './schema.ts';

const TEXT_MAX = 4_000;

const wellFormed = z
  .string()
  .max(TEXT_MAX)
  .refine((text) => text.isWellFormed(), 'no half of a surrogate pair');

const ask = z.strictObject({
  question: wellFormed.refine((text) => text.trim() !== '', 'a question that is not empty'),
  mode: z.enum(['quoted', 'chat']),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 language tag like `et`')
    .max(35),
  parent: z.string().max(64).nullable().optional(),
});

const contest: z.ZodType<Contest> = z.strictObject({ reason: z.enum(contestReasons), words: wellFormed });

const search = z.strictObject({ query: z.string().trim().min(1).max(200) });

/** @throws Problem `invalid-request` that names the field */
export function checkAsk(body: unknown): Ask {
  const { parent, ...rest } = check(ask, body);
  return parent === undefined ? rest : { ...rest, parent };
}

/** @throws Problem `invalid-request` that names the field */
export function checkContest(body: unknown): Contest {
  return check(contest, body);
}

/** @throws Problem `invalid-request` that names the field */
export function checkSearch(body: unknown): string {
  return check(search, body).query;
}

function check<Checked>(schema: z.ZodType<Checked>, body: unknown): Checked {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param = issue?.path.join('.') ?? '';
  const detail = param === '' ? 'the body is not valid' : `\`${param}\` is not valid`;
  throw new Problem('invalid-request', `${detail}: ${issue?.message ?? 'unknown'}`, { param });
}
