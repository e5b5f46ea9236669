-- What is said of decided entries in lists and counts: read from the signed statements, in the order of the log. Can be
-- thrown away and made again. Never a receipt id, a salt or content.
CREATE TABLE record_entry (
  log          text NOT NULL,
  index        bigint NOT NULL,
  ended_at     timestamptz NOT NULL,
  ended        text NOT NULL CHECK (ended IN ('complete', 'refused', 'failed', 'unfinished')),
  endpoint     text NOT NULL,
  tenant       text NOT NULL,
  purpose      text NOT NULL,
  level        text NOT NULL,
  caveats      text[] NOT NULL,
  model        text,
  backend      text,
  site         text,
  jurisdiction text,
  place        text NOT NULL CHECK (place IN ('in-country', 'abroad', 'abroad-masked', 'not-sent')),
  clauses      text[] NOT NULL,
  charter      text NOT NULL,
  requested    text NOT NULL,
  tokens_in    bigint NOT NULL,
  tokens_out   bigint NOT NULL,
  leaf         bytea NOT NULL,
  PRIMARY KEY (log, index)
);
CREATE INDEX record_entry_by_time ON record_entry (ended_at);
