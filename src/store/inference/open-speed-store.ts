import type pg from 'pg';
import type { BackendMinute, SpeedStore } from '../../inference/ports.ts';

export function openSpeedStore(pool: pg.Pool): SpeedStore {
  return {
    async add(minutes) {
      if (minutes.length === 0) return;
      // Sorted: two processes that add the same rows must take them in the same order.
      const rows = minutes.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      await pool.query(
        `INSERT INTO backend_minute AS kept (backend, minute, step, answers, busy_ms)
         SELECT backend, to_timestamp("minuteMs" / 1000), step, answers, "busyMs"
         FROM json_to_recordset($1) AS e(backend text, "minuteMs" bigint, step smallint, answers integer, "busyMs" bigint)
         ON CONFLICT (backend, minute, step)
         DO UPDATE SET answers = kept.answers + excluded.answers, busy_ms = kept.busy_ms + excluded.busy_ms`,
        [JSON.stringify(rows)],
      );
    },
    async since(ms) {
      const { rows } = await pool.query<{ backend: string; minute: Date; step: number; answers: number; busy: number }>(
        'SELECT backend, minute, step, answers, busy_ms AS busy FROM backend_minute WHERE minute >= $1',
        [new Date(ms)],
      );
      return rows.map(({ backend, minute, step, answers, busy }) => ({
        backend,
        minuteMs: minute.getTime(),
        step,
        answers,
        busyMs: busy,
      }));
    },
  };
}

const keyOf = ({ backend, minuteMs, step }: BackendMinute) => `${backend} ${minuteMs} ${step}`;
