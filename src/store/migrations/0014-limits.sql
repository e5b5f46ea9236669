-- Limits of the country, purposes and models beside tenants and keys, and more kinds: tokens in and out apart, requests and
-- money per day, energy, streams. Kinds are named after their window, so that functions need no list of them.
ALTER TABLE quota_account DROP CONSTRAINT quota_account_limit_kind_check;
ALTER TABLE quota_account ADD CONSTRAINT quota_account_limit_kind_check
  CHECK (limit_kind ~ '^[a-zA-Z]+Per(Minute|Day|Month)$' OR limit_kind IN ('concurrent', 'concurrentStreams'));

-- As in 0005: what was spent is settled, the rest is free; what was granted for a minute counts as used.
CREATE OR REPLACE FUNCTION programmes_end_leases(lease_ids text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  PERFORM 1 FROM quota_lease WHERE id = ANY (lease_ids) ORDER BY id FOR NO KEY UPDATE;
  FOR c IN
    WITH ended AS (
      UPDATE quota_lease SET ended_at = clock_timestamp() WHERE id = ANY (lease_ids) AND ended_at IS NULL RETURNING *
    )
    SELECT owner, limit_kind, window_start_ms, sum(granted)::bigint AS granted,
           sum(CASE WHEN limit_kind LIKE 'concurrent%' THEN 0
                    WHEN limit_kind LIKE '%PerMinute' THEN granted
                    ELSE spent END)::bigint AS used
      FROM ended GROUP BY 1, 2, 3 ORDER BY owner COLLATE "C", limit_kind COLLATE "C", 3
  LOOP
    UPDATE quota_account SET leased = leased - c.granted, settled = settled + c.used
      WHERE owner = c.owner AND limit_kind = c.limit_kind AND window_start_ms = c.window_start_ms;
    PERFORM pg_notify('polity_quota', concat_ws('|', 'free', '', c.limit_kind, c.window_start_ms, c.owner));
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION programmes_sweep() RETURNS void LANGUAGE sql AS $$
  DELETE FROM quota_lease WHERE ended_at < clock_timestamp() - interval '2 days';
  DELETE FROM quota_lease WHERE limit_kind LIKE '%PerMinute'
    AND window_start_ms < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 600000;
  DELETE FROM quota_account WHERE limit_kind LIKE '%PerMinute'
    AND window_start_ms < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 600000;
$$;
