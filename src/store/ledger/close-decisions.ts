import type pg from 'pg';
import type { Outcome } from '../../ledger/ports.ts';
import { encodeByteaArray, encodeIdArray } from './encode-array.ts';

const LEDGER_CHANNEL = 'polity_ledger';

/**
 * One statement, hence one transaction: intents go, decisions and pending leaves come. Whoever deletes the intent
 * decides how the request ended; who comes second gets the id back.
 */
const CLOSE = `
WITH came AS MATERIALIZED (
  SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::boolean[], $6::bytea[])
    WITH ORDINALITY AS t (receipt_id, payload, salt, leaf, has_intent, account, place)
), closed AS (
  DELETE FROM intent AS i USING came AS c WHERE i.receipt_id = c.receipt_id AND c.has_intent RETURNING i.receipt_id
), taken AS (
  INSERT INTO decision (receipt_id, payload, salt, leaf, account)
    SELECT receipt_id, payload, salt, leaf, account FROM came
    WHERE NOT has_intent OR receipt_id IN (SELECT receipt_id FROM closed)
    ON CONFLICT DO NOTHING RETURNING receipt_id
), queued AS (
  INSERT INTO pending (family, receipt_id, leaf)
    SELECT 'decisions', receipt_id, leaf FROM came WHERE receipt_id IN (SELECT receipt_id FROM taken) ORDER BY place
)`;

const TELL = `told AS MATERIALIZED (SELECT pg_notify('${LEDGER_CHANNEL}', ''))`;
/** Always one row, so that both volatile parts run. */
const ANSWER = `SELECT ARRAY(SELECT encode(receipt_id, 'hex') FROM came WHERE receipt_id NOT IN (SELECT receipt_id FROM taken)) AS refused,
  (SELECT count(*) FROM told) AS told`;

const CLOSE_ONLY = `${CLOSE}, ${TELL} ${ANSWER}`;

/** Spending counts only for outcomes that were taken: for the others the ledger has settled the whole holding. */
const CLOSE_AND_SETTLE = `${CLOSE}, ${TELL}, settled AS MATERIALIZED (
  SELECT programmes_settle($7::text, array_agg(s.lease_id), array_agg(s.amount))
    FROM unnest($8::bytea[], $9::text[], $10::bigint[]) AS s (receipt_id, lease_id, amount)
    WHERE s.receipt_id IN (SELECT receipt_id FROM taken) HAVING count(*) > 0
) ${ANSWER}, (SELECT count(*) FROM settled) AS settled`;

/** Gives the ids that were superseded. Idempotent: the same outcomes may come again when an answer was lost. */
export async function closeDecisions(
  pool: pg.Pool,
  worker: string,
  outcomes: readonly Outcome[],
): Promise<Set<string>> {
  const values: unknown[] = [
    encodeIdArray(outcomes.map((one) => one.receiptId)),
    encodeByteaArray(outcomes.map((one) => one.payload)),
    encodeByteaArray(outcomes.map((one) => one.salt)),
    encodeByteaArray(outcomes.map((one) => one.leaf)),
    outcomes.map((one) => one.hasIntent),
    encodeByteaArray(outcomes.map((one) => one.account)),
  ];
  const spent = outcomes.flatMap(({ receiptId, spent: parts }) => parts.map((part) => ({ receiptId, ...part })));
  if (spent.length > 0) {
    values.push(
      worker,
      encodeIdArray(spent.map((part) => part.receiptId)),
      spent.map((part) => part.leaseId),
      spent.map((part) => part.amount),
    );
  }
  const { rows } = await pool.query<{ refused: string[] }>({
    name: spent.length > 0 ? 'ledger-close-settle' : 'ledger-close',
    text: spent.length > 0 ? CLOSE_AND_SETTLE : CLOSE_ONLY,
    values,
  });
  const refused = rows[0]?.refused ?? [];
  return refused.length === 0 ? new Set() : await findSuperseded(pool, outcomes, refused);
}

/** Of what was not taken: a statement that ran twice, because its first answer was lost, finds its own salt. */
async function findSuperseded(
  pool: pg.Pool,
  outcomes: readonly Outcome[],
  ids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ receipt_id: string; salt: Buffer }>(
    `SELECT encode(receipt_id, 'hex') AS receipt_id, salt FROM decision WHERE receipt_id = ANY ($1::bytea[])`,
    [encodeIdArray(ids)],
  );
  const salts = new Map(rows.map((row) => [row.receipt_id, row.salt]));
  const superseded = new Set(ids);
  for (const { receiptId, salt } of outcomes) {
    if (salts.get(receiptId)?.equals(salt)) superseded.delete(receiptId);
  }
  return superseded;
}
