import { markMatches } from './mark-matches.ts';
import type { KnowledgeStore } from './ports.ts';
import type { KnowledgeDocument, KnowledgeQuestion, Passage, QuotedAnswer, QuotedPassage } from './schema.ts';
import { searchPassages } from './search-passages.ts';

/** What the backend `retrieval` answers: passages unchanged, or that the collection says nothing. */
export async function quotePassages(store: KnowledgeStore, asked: KnowledgeQuestion): Promise<QuotedAnswer> {
  const found = await searchPassages(store, asked);
  if (found.kind === 'nothing') {
    return {
      object: 'quoted_answer',
      found: false,
      language: asked.language,
      passages: [],
      service: null,
      office: null,
      nearest: found.nearest.map(({ front }) => ({ title: front.title, question: front.question })),
    };
  }
  const { document, passages } = found;
  const { id, title, authority, link, office } = document.front;
  return {
    object: 'quoted_answer',
    found: true,
    language: document.language,
    passages: passages.map((passage) => quote(document, passage, asked.question)),
    service: { id, title, authority, link },
    office,
    nearest: [],
  };
}

function quote({ front, language }: KnowledgeDocument, passage: Passage, question: string): QuotedPassage {
  const { id, title, authority, link, law, provenance, checked } = front;
  return {
    id: `${language}/${id}#${passage.position}`,
    heading: passage.heading,
    text: passage.text,
    title,
    language,
    authority,
    link,
    law,
    provenance,
    checked,
    matches: markMatches(passage.text, question, language),
  };
}
