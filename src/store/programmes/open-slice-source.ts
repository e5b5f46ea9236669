import type pg from 'pg';
import type { SliceAnswer, SliceNotice, SliceRequest, SliceSource } from '../../programmes/ports.ts';
import type { Listener } from '../open-listener.ts';

export const QUOTA_CHANNEL = 'polity_quota';

export interface SliceSourceOptions {
  readonly pool: pg.Pool;
  readonly listener: Listener;
  readonly worker: string;
}

interface AnswerRow {
  lease_id: string;
  room: number;
  elsewhere: number;
  reclaimable: number;
  ended: boolean;
}

/** The slices of one worker; the rules are in `0005-programmes.sql`, so that every worker keeps the same. */
export function openSliceSource({ pool, listener, worker }: SliceSourceOptions): SliceSource {
  return {
    async lease(requests) {
      const { rows } = await pool.query<AnswerRow>('SELECT * FROM programmes_lease($1, $2)', [
        worker,
        JSON.stringify([...requests].sort(byAccount)),
      ]);
      return rows.map(answerOf);
    },
    async end(leaseIds) {
      await pool.query('SELECT programmes_end_leases($1)', [leaseIds]);
    },
    async listEnded() {
      const { rows } = await pool.query<{ id: string }>(
        'SELECT id FROM quota_lease WHERE worker = $1 AND ended_at IS NOT NULL',
        [worker],
      );
      return rows.map((row) => row.id);
    },
    subscribe(hear) {
      listener.on(QUOTA_CHANNEL, (payload) => {
        const notice = readNotice(payload, worker);
        if (notice !== null) hear(notice);
      });
    },
  };
}

/** The order in which accounts are locked, everywhere. */
function byAccount(a: SliceRequest, b: SliceRequest): number {
  return compare(a.owner, b.owner) || compare(a.kind, b.kind) || a.windowStartMs - b.windowStartMs;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function answerOf(row: AnswerRow): SliceAnswer {
  const { room, elsewhere, reclaimable, ended } = row;
  return { leaseId: row.lease_id, room, elsewhere, reclaimable, ended };
}

/** `want|<worker>|<account>`; what this worker said itself is no news. */
function readNotice(payload: string, worker: string): SliceNotice | null {
  if (payload === '') return { kind: 'gap' };
  const [kind, from, ...account] = payload.split('|');
  if (from === worker || (kind !== 'want' && kind !== 'free')) return null;
  return { kind, account: account.join('|') };
}
