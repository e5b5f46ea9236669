import { z } from 'zod';

/**
 * An array whose items are checked one after another up to the first wrong one. `z.array` collects what is wrong with all of them: a body
 * of 10 MB has millions of items, and their mistakes took half a minute and gigabytes. How many there are is checked first.
 */
export function listOf<Item extends z.ZodType>(
  item: Item,
  bounds: { readonly max?: number; readonly min?: number } = {},
) {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  return z
    .array(z.unknown())
    .min(min)
    .max(max)
    .transform((values, context) => {
      const items: z.infer<Item>[] = [];
      for (const [at, value] of values.entries()) {
        const read = item.safeParse(value);
        if (!read.success) {
          for (const issue of read.error.issues) context.addIssue({ ...issue, path: [at, ...issue.path] });
          return z.NEVER;
        }
        items.push(read.data);
      }
      return items;
    });
}

/** Tokens that the caller counted itself: numbers, of which a body may have hundreds of thousands. */
export const tokenList = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every((token) => typeof token === 'number'),
);
