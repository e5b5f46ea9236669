-- Quotas. An account is what an owner may use of one kind in one window; leases are the slices that workers hold.
-- Invariant: settled + leased <= limit_amount, but for use beyond a reservation, which is charged in full.
-- Lock order everywhere: leases by id, then accounts by (owner, limit_kind, window_start_ms), compared byte by byte.
CREATE TABLE quota_account (
  owner           text NOT NULL,
  limit_kind      text NOT NULL CHECK (limit_kind IN
                    ('requestsPerMinute', 'tokensPerMinute', 'tokensPerDay', 'moneyPerMonth', 'concurrent')),
  window_start_ms bigint NOT NULL,
  limit_amount    bigint NOT NULL CHECK (limit_amount >= 0),
  -- Used up for good by leases that ended.
  settled         bigint NOT NULL DEFAULT 0,
  -- The sum of what live leases were granted.
  leased          bigint NOT NULL DEFAULT 0,
  -- Until then somebody waits for a slice: returns are told, and nobody takes more than it needs.
  wanted_until    timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (owner, limit_kind, window_start_ms)
) WITH (fillfactor = 70);

CREATE TABLE quota_lease (
  id              text PRIMARY KEY,
  worker          text NOT NULL,
  owner           text NOT NULL,
  limit_kind      text NOT NULL,
  window_start_ms bigint NOT NULL,
  granted         bigint NOT NULL DEFAULT 0,
  -- What the worker said it was using when it last offered the rest back.
  busy            bigint NOT NULL DEFAULT 0,
  -- Durable with the outcomes. Only for windows of a day or a month.
  spent           bigint NOT NULL DEFAULT 0,
  -- An ended lease stays for a while: spending that comes late goes straight to the account.
  ended_at        timestamptz
) WITH (fillfactor = 70);
CREATE INDEX quota_lease_account ON quota_lease (owner, limit_kind, window_start_ms) WHERE ended_at IS NULL;
CREATE INDEX quota_lease_worker ON quota_lease (worker);
CREATE INDEX quota_lease_ended ON quota_lease (ended_at) WHERE ended_at IS NOT NULL;

-- Spending under a lease that nobody knows. Always empty, unless a database was restored from before the lease.
CREATE TABLE quota_stray (
  at       timestamptz NOT NULL DEFAULT now(),
  worker   text NOT NULL,
  lease_id text NOT NULL,
  amount   bigint NOT NULL
);

-- One round of a worker for one account. `keep` is not offered back, `need` is the least that helps,
-- `want` what all its waiting requests need together. `room` is what it may use beyond `keep`.
CREATE TYPE quota_answer AS (lease_id text, room bigint, elsewhere bigint, reclaimable bigint, ended boolean);

CREATE FUNCTION programmes_lease_one(of_worker text, r jsonb) RETURNS quota_answer LANGUAGE plpgsql AS $$
DECLARE
  a quota_account;
  l quota_lease;
  floor_ bigint;
  others bigint;
  others_busy bigint;
  holders bigint;
  avail bigint;
  extra bigint := 0;
  room bigint := 0;
  reclaimable bigint;
  need bigint := (r->>'need')::bigint;
  want bigint := (r->>'want')::bigint;
  calls boolean;
BEGIN
  INSERT INTO quota_lease (id, worker, owner, limit_kind, window_start_ms)
    VALUES (r->>'leaseId', of_worker, r->>'owner', r->>'kind', (r->>'windowStartMs')::bigint)
    ON CONFLICT (id) DO NOTHING;
  SELECT * INTO l FROM quota_lease WHERE id = r->>'leaseId' FOR NO KEY UPDATE;
  IF l.ended_at IS NOT NULL THEN
    RETURN (l.id, 0, 0, 0, true)::quota_answer;
  END IF;
  INSERT INTO quota_account AS old (owner, limit_kind, window_start_ms, limit_amount)
    VALUES (l.owner, l.limit_kind, l.window_start_ms, (r->>'limit')::bigint)
    ON CONFLICT (owner, limit_kind, window_start_ms) DO UPDATE SET limit_amount = excluded.limit_amount
    RETURNING * INTO a;

  floor_ := greatest((r->>'keep')::bigint, l.spent);
  others := a.leased - l.granted;
  SELECT coalesce(sum(least(granted, greatest(busy, spent))), 0), count(*) INTO others_busy, holders
    FROM quota_lease
    WHERE owner = l.owner AND limit_kind = l.limit_kind AND window_start_ms = l.window_start_ms
      AND ended_at IS NULL AND id <> l.id;
  avail := a.limit_amount - a.settled - others - floor_;
  IF avail >= need AND avail > 0 AND (need > 0 OR want > 0 OR (r->>'slice')::boolean) THEN
    IF (r->>'slice')::boolean AND a.wanted_until < clock_timestamp() THEN
      extra := greatest(0, avail - want) / (2 * (holders + 1));
    END IF;
    room := least(avail, greatest(want, need) + extra);
  END IF;
  reclaimable := greatest(0, others - others_busy);
  -- Everybody is asked at most ten times a second.
  calls := need > room AND reclaimable > 0 AND a.wanted_until < clock_timestamp() + interval '900 milliseconds';

  UPDATE quota_lease SET granted = floor_ + room, busy = (r->>'busy')::bigint WHERE id = l.id;
  UPDATE quota_account
    SET leased = others + floor_ + room,
        wanted_until = CASE WHEN calls THEN clock_timestamp() + interval '1 second' ELSE wanted_until END
    WHERE owner = l.owner AND limit_kind = l.limit_kind AND window_start_ms = l.window_start_ms;
  IF calls THEN
    PERFORM pg_notify('polity_quota', concat_ws('|', 'want', of_worker, l.limit_kind, l.window_start_ms, l.owner));
  ELSIF a.wanted_until >= clock_timestamp() AND need = 0 THEN
    PERFORM pg_notify('polity_quota', concat_ws('|', 'free', of_worker, l.limit_kind, l.window_start_ms, l.owner));
  END IF;
  RETURN (l.id, room, a.settled + others_busy, reclaimable, false)::quota_answer;
END $$;

-- `requests` come ordered by owner, kind, window.
CREATE FUNCTION programmes_lease(of_worker text, requests jsonb) RETURNS SETOF quota_answer LANGUAGE plpgsql AS $$
DECLARE
  r jsonb;
BEGIN
  PERFORM 1 FROM quota_lease WHERE id IN (SELECT e->>'leaseId' FROM jsonb_array_elements(requests) AS e)
    ORDER BY id FOR NO KEY UPDATE;
  FOR r IN SELECT e FROM jsonb_array_elements(requests) AS e LOOP
    RETURN NEXT programmes_lease_one(of_worker, r);
  END LOOP;
END $$;

-- Inside the ledger's transaction that makes outcomes durable: what was really used, per lease.
CREATE FUNCTION programmes_settle(of_worker text, lease_ids text[], amounts bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  late boolean;
  beyond boolean;
BEGIN
  PERFORM 1 FROM quota_lease WHERE id = ANY (lease_ids) ORDER BY id FOR NO KEY UPDATE;
  WITH sums AS (
    SELECT u.lease_id, sum(u.amount)::bigint AS amount
      FROM unnest(lease_ids, amounts) AS u (lease_id, amount) GROUP BY u.lease_id
  ), taken AS (
    UPDATE quota_lease AS l SET spent = l.spent + s.amount FROM sums AS s WHERE l.id = s.lease_id
      RETURNING l.id, l.ended_at, l.spent, l.granted
  ), stray AS (
    INSERT INTO quota_stray (worker, lease_id, amount)
      SELECT of_worker, s.lease_id, s.amount FROM sums AS s WHERE s.lease_id NOT IN (SELECT id FROM taken)
      RETURNING lease_id
  )
  SELECT bool_or(ended_at IS NOT NULL), bool_or(ended_at IS NULL AND spent > granted) INTO late, beyond FROM taken;
  IF late THEN
    PERFORM programmes_credit_late(lease_ids, amounts);
  END IF;
  IF beyond THEN
    PERFORM programmes_charge_beyond(lease_ids);
  END IF;
END $$;

-- Used beyond the slice: the slice grows at once, past the limit if need be, so that nobody else is granted it.
CREATE FUNCTION programmes_charge_beyond(lease_ids text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  FOR c IN
    SELECT owner, limit_kind, window_start_ms, sum(spent - granted)::bigint AS amount FROM quota_lease
      WHERE id = ANY (lease_ids) AND ended_at IS NULL AND spent > granted
      GROUP BY 1, 2, 3 ORDER BY owner COLLATE "C", limit_kind COLLATE "C", 3
  LOOP
    UPDATE quota_account SET leased = leased + c.amount
      WHERE owner = c.owner AND limit_kind = c.limit_kind AND window_start_ms = c.window_start_ms;
  END LOOP;
  UPDATE quota_lease SET granted = spent WHERE id = ANY (lease_ids) AND ended_at IS NULL AND spent > granted;
END $$;

CREATE FUNCTION programmes_credit_late(lease_ids text[], amounts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  FOR c IN
    SELECT l.owner, l.limit_kind, l.window_start_ms, sum(u.amount)::bigint AS amount
      FROM unnest(lease_ids, amounts) AS u (lease_id, amount) JOIN quota_lease AS l ON l.id = u.lease_id
      WHERE l.ended_at IS NOT NULL GROUP BY 1, 2, 3 ORDER BY l.owner COLLATE "C", l.limit_kind COLLATE "C", 3
  LOOP
    UPDATE quota_account SET settled = settled + c.amount
      WHERE owner = c.owner AND limit_kind = c.limit_kind AND window_start_ms = c.window_start_ms;
  END LOOP;
END $$;

-- Ends leases: what was spent is settled, the rest is free. What was granted for a minute counts as used,
-- for nobody knows what its dead holder did with it.
CREATE FUNCTION programmes_end_leases(lease_ids text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  PERFORM 1 FROM quota_lease WHERE id = ANY (lease_ids) ORDER BY id FOR NO KEY UPDATE;
  FOR c IN
    WITH ended AS (
      UPDATE quota_lease SET ended_at = clock_timestamp() WHERE id = ANY (lease_ids) AND ended_at IS NULL RETURNING *
    )
    SELECT owner, limit_kind, window_start_ms, sum(granted)::bigint AS granted,
           sum(CASE limit_kind WHEN 'concurrent' THEN 0
                               WHEN 'tokensPerDay' THEN spent
                               WHEN 'moneyPerMonth' THEN spent
                               ELSE granted END)::bigint AS used
      FROM ended GROUP BY 1, 2, 3 ORDER BY owner COLLATE "C", limit_kind COLLATE "C", 3
  LOOP
    UPDATE quota_account SET leased = leased - c.granted, settled = settled + c.used
      WHERE owner = c.owner AND limit_kind = c.limit_kind AND window_start_ms = c.window_start_ms;
    PERFORM pg_notify('polity_quota', concat_ws('|', 'free', '', c.limit_kind, c.window_start_ms, c.owner));
  END LOOP;
END $$;

-- For the ledger's reaper, after it has closed the worker's intents and settled their holdings.
CREATE FUNCTION programmes_end_worker(of_worker text) RETURNS void LANGUAGE sql AS $$
  SELECT programmes_end_leases(array_agg(id)) FROM quota_lease WHERE worker = of_worker AND ended_at IS NULL;
$$;

-- Forgets what no window can ask for again. Days and months stay for reports.
CREATE FUNCTION programmes_sweep() RETURNS void LANGUAGE sql AS $$
  DELETE FROM quota_lease WHERE ended_at < clock_timestamp() - interval '2 days';
  DELETE FROM quota_lease WHERE limit_kind IN ('requestsPerMinute', 'tokensPerMinute')
    AND window_start_ms < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 600000;
  DELETE FROM quota_account WHERE limit_kind IN ('requestsPerMinute', 'tokensPerMinute')
    AND window_start_ms < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 600000;
$$;
