import { z } from 'zod';
import type { Job } from './job.ts';
import { parseJson } from './read-chat.ts';
import { refuse } from './refuse.ts';

const schema = z.looseObject({
  model: z.string().min(1),
  query: z.string(),
  documents: z.array(z.union([z.string(), z.looseObject({ text: z.string() })])).min(1),
  top_n: z.number().int().positive().nullish(),
});

/** Cohere's form in and out, whatever the provider. @throws Problem, or whatever the package throws */
export async function answerRerank({ body, run, headers, open }: Job): Promise<void> {
  const read = schema.safeParse(parseJson(body));
  if (!read.success) throw refuse(read.error.issues[0]?.path.join('.') || 'documents', 'it cannot be read');
  const { model: name, query, documents, top_n: topN } = read.data;
  const model = open().driver.reranking?.(name);
  if (model === undefined) throw refuse('model', 'it does not rerank');
  const values = documents.map((document) => (typeof document === 'string' ? document : document.text));
  const { ranking } = await model.doRerank({
    documents: { type: 'text', values },
    query,
    topN: topN ?? values.length,
    headers: { ...headers },
  });
  await run.pass();
  const results = ranking.map(({ index, relevanceScore }) => ({ index, relevance_score: relevanceScore }));
  run.answer(200, { model: name, results });
}
