import { z } from 'zod';
import type { Path } from './read-yaml.ts';

/** What says of a value that it may be absent or null, and nothing of what it is. */
export type Wrapper = z.ZodDefault | z.ZodPrefault | z.ZodOptional | z.ZodNullable;

export function isWrapper(schema: z.ZodType): schema is Wrapper {
  return [z.ZodDefault, z.ZodPrefault, z.ZodOptional, z.ZodNullable].some((kind) => schema instanceof kind);
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner: z.ZodType = schema;
  while (isWrapper(inner)) inner = inner.unwrap() as z.ZodType;
  return inner;
}

/** The keys that may stand in the map at `path`. `data` picks the branch of a union. */
export function validKeys(schema: z.ZodType, path: Path, data: unknown): string[] {
  let current = unwrap(schema);
  let value = data;
  for (const step of path) {
    current = pick(current, value);
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step];
    if (current instanceof z.ZodArray) current = unwrap(current.element as z.ZodType);
    else if (current instanceof z.ZodTuple) current = unwrap(current.def.items[Number(step)] as z.ZodType);
    else if (current instanceof z.ZodRecord) current = unwrap(current.valueType as z.ZodType);
    else if (current instanceof z.ZodObject) {
      const next: unknown = current.shape[String(step)];
      if (!(next instanceof z.ZodType)) return [];
      current = unwrap(next);
    } else return [];
  }
  current = pick(current, value);
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** The branch of a discriminated union that the data chose. */
function pick(schema: z.ZodType, data: unknown): z.ZodType {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const { discriminator, options } = schema.def;
  const chosen = (data as Record<string, unknown> | null | undefined)?.[discriminator];
  const branch = options.find((option) => {
    const literal = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return literal instanceof z.ZodLiteral && literal.values.has(chosen as never);
  });
  return (branch as z.ZodType | undefined) ?? schema;
}
