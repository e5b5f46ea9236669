import type pg from 'pg';
import { type JournalRecord, readJournal } from '../../ledger/index.ts';
import { encodeIdArray } from './encode-array.ts';

/** What has begun and not ended. */
export interface OpenIntent {
  readonly worker: string;
  readonly record: Extract<JournalRecord, { kind: 'intent' | 'older-intent' }>;
}

interface IntentRow {
  readonly id: string;
  readonly worker: string;
  readonly record: Buffer;
}

/** Orphans of one round: bounds how long the ledger process is busy with the past. */
const ORPHANS_MAX = 256;

const COLUMNS = `encode(receipt_id, 'hex') AS id, worker, record`;

/** Takes these intents out of the table, as far as they are there. By receipt id. */
export async function takeClosed(
  client: pg.PoolClient,
  receiptIds: readonly string[],
): Promise<Map<string, OpenIntent>> {
  if (receiptIds.length === 0) return new Map();
  const { rows } = await client.query<IntentRow>({
    name: 'take-intents',
    text: `DELETE FROM intent WHERE receipt_id = ANY ($1::bytea[]) RETURNING ${COLUMNS}`,
    values: [encodeIdArray(receiptIds)],
  });
  return openIntents(rows);
}

/**
 * Of processes that can record nothing any more: their lease is over for good, their lanes are ended, and of what they
 * wrote before nothing waits. A journal row that is not visible here was written through a lane that is not ended.
 */
const ORPHANS = `
  DELETE FROM intent WHERE receipt_id IN (
    SELECT receipt_id FROM intent AS i
    WHERE NOT EXISTS (SELECT FROM worker AS w WHERE w.id = i.worker AND w.lease_until > '-infinity')
      AND NOT EXISTS (SELECT FROM journal_lane AS l WHERE l.worker = i.worker AND NOT l.ended)
      AND NOT EXISTS (SELECT FROM journal AS j WHERE j.worker = i.worker)
    LIMIT ${ORPHANS_MAX})
  RETURNING ${COLUMNS}`;

export async function takeOrphans(
  client: pg.PoolClient,
): Promise<{ intents: ReadonlyMap<string, OpenIntent>; isPartial: boolean }> {
  const { rows } = await client.query<IntentRow>(ORPHANS);
  return { intents: openIntents(rows), isPartial: rows.length === ORPHANS_MAX };
}

function openIntents(rows: readonly IntentRow[]): Map<string, OpenIntent> {
  return new Map(rows.map(({ id, worker, record }) => [id, { worker, record: readIntent(record) }]));
}

function readIntent(bytes: Uint8Array): OpenIntent['record'] {
  const [record] = readJournal(bytes);
  if (record?.kind !== 'intent' && record?.kind !== 'older-intent') throw new Error('an intent is not one');
  return record;
}
