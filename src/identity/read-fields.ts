import type { z } from 'zod';
import { Problem } from '../kit/index.ts';

/** @throws Problem `invalid-request` that names the first field that is wrong. */
export function readFields<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  const said = (issue?.message ?? 'unknown').toLowerCase();
  throw new Problem('invalid-request', `the field \`${field}\` is not valid: ${said}`, { param: field });
}
