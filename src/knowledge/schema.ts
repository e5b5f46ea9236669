/** A document of the collection and its passages: front matter and Markdown, as docs/guides/knowledge.md describes them. */
import { z } from 'zod';

const address = z.string().regex(/^https?:\/\/\S+$/, 'an http or https address');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date like 2026-11-24');
const words = z.array(z.string().min(1)).max(64);

export const FrontMatter = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, at most 63 characters')
    .describe('the same in all languages, and the name of the file'),
  title: z.string().min(1).describe('name of the service'),
  question: z.string().min(1).describe('the question that people ask most'),
  authority: z.string().min(1).describe('who is responsible'),
  link: address.describe('official page'),
  office: z.strictObject({ name: z.string().min(1), link: address }).describe('whom people ask'),
  law: z
    .array(z.strictObject({ act: z.string().min(1), section: z.string().nullable(), url: address }))
    .describe('what it rests on; section null where nobody checked it'),
  audience: z.array(z.enum(['citizen', 'official', 'pupil', 'teacher', 'developer', 'company'])).min(1),
  provenance: z
    .enum(['official', 'project'])
    .describe('`official`: an authority’s own words; `project`: written for an example'),
  checked: date.nullable().describe('when somebody compared it with its source; null: nobody did'),
  search: words.default([]).describe('further words with which people look for it; never shown'),
  searchOther: z
    .record(z.string().regex(/^[a-z]{2,3}$/), words)
    .default({})
    .describe('the same in languages that the collection lacks'),
});

export type FrontMatter = z.infer<typeof FrontMatter>;

export interface Passage {
  /** From 0. */
  readonly position: number;
  readonly heading: string;
  readonly text: string;
}

export interface KnowledgeDocument {
  readonly language: string;
  readonly front: FrontMatter;
  readonly passages: readonly Passage[];
}

/** What a search gives: one service with its passages, or nothing and what comes nearest. */
export type Found =
  | {
      readonly kind: 'found';
      readonly document: KnowledgeDocument;
      /** Positions of the passages that answer, in the order of the document. */
      readonly passages: readonly Passage[];
      /** Share of the question's weight that the document covers, 0 to 1. */
      readonly coverage: number;
    }
  | { readonly kind: 'nothing'; readonly nearest: readonly KnowledgeDocument[] };

export interface KnowledgeQuestion {
  readonly question: string;
  /** Of the reader: a hint, the words decide. */
  readonly language: string;
  /** Earlier questions of the conversation, oldest first. */
  readonly history: readonly string[];
}

/**
 * The answer of the backend `retrieval`, exactly as its wire bytes say it (JSON, UTF-8). What the receipt's
 * `answer/text/0` commits to is the texts of the passages, joined by one empty line.
 */
export interface QuotedAnswer {
  readonly object: 'quoted_answer';
  /** False: the collection says nothing about this. */
  readonly found: boolean;
  /** Language of the passages. */
  readonly language: string;
  readonly passages: readonly QuotedPassage[];
  /** The service that fits best, or null. */
  readonly service: {
    readonly id: string;
    readonly title: string;
    readonly authority: string;
    readonly link: string;
  } | null;
  readonly office: { readonly name: string; readonly link: string } | null;
  /** When nothing fits: titles that come nearest, to ask in other words. */
  readonly nearest: readonly { readonly title: string; readonly question: string }[];
}

export interface QuotedPassage {
  readonly id: string;
  readonly heading: string;
  /** Unchanged. */
  readonly text: string;
  readonly title: string;
  readonly language: string;
  readonly authority: string;
  readonly link: string;
  readonly law: readonly { readonly act: string; readonly section: string | null; readonly url: string }[];
  readonly provenance: 'official' | 'project';
  /** When somebody checked it against its source, or null: nobody did. */
  readonly checked: string | null;
  /** Where words of the question occur: start and end in UTF-16 units of `text`. */
  readonly matches: readonly (readonly [number, number])[];
}
