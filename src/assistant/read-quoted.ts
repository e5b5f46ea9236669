import { z } from 'zod';
import { fromUtf8 } from '../kit/index.ts';
import type { QuotedAnswer } from './schema.ts';

/** Pages show these as links: nothing but the web is one. */
const link = z.string().regex(/^https?:\/\/[^\s]+$/);
const office = z.strictObject({ name: z.string(), link });
const offset = z.number().int().nonnegative();

const passage = z.strictObject({
  id: z.string(),
  heading: z.string(),
  text: z.string(),
  title: z.string(),
  language: z.string(),
  authority: z.string(),
  link,
  law: z.array(z.strictObject({ act: z.string(), section: z.string().nullable(), url: link })),
  provenance: z.enum(['official', 'project']),
  checked: z.string().nullable(),
  matches: z.array(z.tuple([offset, offset])),
});

const quotedAnswer: z.ZodType<QuotedAnswer> = z.strictObject({
  object: z.literal('quoted_answer'),
  found: z.boolean(),
  language: z.string(),
  passages: z.array(passage),
  service: z.strictObject({ id: z.string(), title: z.string(), authority: z.string(), link }).nullable(),
  office: office.nullable(),
  nearest: z.array(z.strictObject({ title: z.string(), question: z.string() })),
});

/** The answer that the wire bytes are, or null when they are none. */
export function readQuoted(wire: Uint8Array): QuotedAnswer | null {
  try {
    const result = quotedAnswer.safeParse(JSON.parse(fromUtf8(wire)));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
