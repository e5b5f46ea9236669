import type { z } from 'zod';
import { Problem } from '../../kit/index.ts';

/** The value as the schema reads it. @throws Problem `invalid-request` that names the first field that is wrong */
export function checkShape<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message: said } = innermost(result.error.issues[0]);
  const param = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  if (param === '') throw new Problem('invalid-request', `the body is not ${what}: ${said}`);
  throw new Problem('invalid-request', `\`${param}\` is not valid: ${said}`, { param });
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;

/** Where there were several ways to be right, the one that was followed furthest is the one that was meant. */
function innermost(issue: z.core.$ZodIssue | undefined): Issue {
  if (issue === undefined) return { path: [], message: 'unknown' };
  if (issue.code !== 'invalid_union') return issue;
  const meant = issue.errors.map(([first]) => innermost(first)).reduce(longer, { path: [], message: issue.message });
  return { path: [...issue.path, ...meant.path], message: meant.message };
}

const longer = (one: Issue, other: Issue) => (other.path.length > one.path.length ? other : one);
