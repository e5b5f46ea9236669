-- The installation's random id: also in the key folder; if the two differ, nothing starts.
CREATE TABLE installation (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id         text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A running process. Its lease covers its intents and its quota leases; whoever finds it run out closes them.
CREATE TABLE worker (
  id             text PRIMARY KEY,
  role           text NOT NULL,
  host           text NOT NULL,
  pid            integer NOT NULL,
  started_at     timestamptz NOT NULL DEFAULT now(),
  lease_until    timestamptz NOT NULL,
  charter_digest text
);
