import type { z } from 'zod';
import { Problem } from '../../kit/index.ts';

/** The value as the schema reads it. @throws Problem `invalid-request` that names the first field that is wrong */
export function checkShape<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const said = issue?.message ?? 'unknown';
  const param = (issue?.path ?? [])
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  if (param === '') throw new Problem('invalid-request', `the body is not ${what}: ${said}`);
  throw new Problem('invalid-request', `\`${param}\` is not valid: ${said}`, { param });
}
