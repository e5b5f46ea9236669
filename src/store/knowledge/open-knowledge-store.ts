import type pg from 'pg';
import type { Candidate, DocumentRecord, IndexedDocument, KnowledgeStore } from '../../knowledge/ports.ts';
import type { KnowledgeDocument } from '../../knowledge/schema.ts';

interface DocumentRow {
  id: string;
  language: string;
  content: Pick<KnowledgeDocument, 'front' | 'passages'>;
}

export function openKnowledgeStore(pool: pg.Pool): KnowledgeStore {
  return {
    list: () => list(pool),
    replace: (documents) => inTransaction(pool, (client) => replace(client, documents)),
    async remove(documents) {
      const [ids, languages] = [documents.map(({ id }) => id), documents.map(({ language }) => language)];
      await pool.query(
        `DELETE FROM knowledge_document d USING unnest($1::text[], $2::text[]) AS gone(id, language)
         WHERE d.id = gone.id AND d.language = gone.language`,
        [ids, languages],
      );
    },
    statistics: (index, terms) => statistics(pool, index, terms),
    candidates: (index, weights, limit) => candidates(pool, { index, weights, limit }),
  };
}

async function list(pool: pg.Pool): Promise<DocumentRecord[]> {
  const { rows } = await pool.query<DocumentRecord>(
    `SELECT id, language, sha256, source, content->'front'->>'title' AS title,
       content->'front'->>'question' AS question, content->'front'->>'authority' AS authority,
       content->'front'->>'provenance' AS provenance, content->'front'->>'checked' AS checked,
       jsonb_array_length(content->'passages') AS passages
     FROM knowledge_document ORDER BY id, language`,
  );
  return rows;
}

async function inTransaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw cause;
  } finally {
    client.release();
  }
}

async function replace(client: pg.PoolClient, documents: readonly IndexedDocument[]): Promise<void> {
  // Two that count the same terms in another order would wait for one another.
  await client.query("SELECT pg_advisory_xact_lock(hashtext('knowledge'))");
  for (const { document, sha256, source, terms } of documents) {
    const { front, language, passages } = document;
    await client.query(
      `INSERT INTO knowledge_document (id, language, sha256, source, content) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id, language) DO UPDATE SET sha256 = excluded.sha256, source = excluded.source,
         content = excluded.content, indexed_at = now()`,
      [front.id, language, sha256, source, JSON.stringify({ front, passages })],
    );
    await client.query('DELETE FROM knowledge_terms WHERE id = $1 AND language = $2', [front.id, language]);
    for (const [index, weights] of Object.entries(terms)) {
      await client.query(
        'INSERT INTO knowledge_terms (index, id, language, terms, weights) VALUES ($1, $2, $3, $4, $5)',
        [index, front.id, language, [...weights.keys()], [...weights.values()]],
      );
    }
  }
}

async function statistics(pool: pg.Pool, index: string, terms: readonly string[]) {
  const { rows } = await pool.query<{ term: string | null; documents: number }>(
    `SELECT term, documents FROM knowledge_frequency WHERE index = $1 AND term = ANY ($2)
     UNION ALL SELECT NULL, count(*) FROM knowledge_terms WHERE index = $1`,
    [index, terms],
  );
  return {
    documents: rows.find(({ term }) => term === null)?.documents ?? 0,
    frequency: new Map(rows.flatMap(({ term, documents }) => (term === null ? [] : [[term, documents] as const]))),
  };
}

interface Wanted {
  readonly index: string;
  readonly weights: ReadonlyMap<string, number>;
  readonly limit: number;
}

/** Okapi's saturation: the tenth mention of a word says little more than the third. Field weights count as mentions. */
const SATURATION = 3;

async function candidates(pool: pg.Pool, { index, weights, limit }: Wanted): Promise<Candidate[]> {
  const { rows } = await pool.query<DocumentRow & { score: number; found: string[] }>(
    `WITH asked AS (SELECT * FROM unnest($2::text[], $3::real[]) AS asked(term, rarity)),
       best AS (
         SELECT p.id, p.language, sum(asked.rarity * p.weight / (p.weight + ${SATURATION})) AS score,
           array_agg(p.term) AS found
         FROM asked JOIN knowledge_posting p ON p.index = $1 AND p.term = asked.term
         GROUP BY p.id, p.language ORDER BY score DESC, p.id LIMIT $4)
     SELECT best.id, best.language, best.score, best.found, d.content
     FROM best JOIN knowledge_document d USING (id, language) ORDER BY score DESC, best.id`,
    [index, [...weights.keys()], [...weights.values()], limit],
  );
  return rows.map(({ language, content, score, found }) => ({
    document: { language, front: content.front, passages: content.passages },
    score,
    terms: found,
  }));
}
