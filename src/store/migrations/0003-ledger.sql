-- The tamper-evident logs. Only the ledger process writes logs, tiles, bundles and seals; gateways insert what is pending.
-- `epoch` is the fence: whoever takes a log over increases it, and every write compares it with `size` in its own transaction.
CREATE TABLE ledger_log (
  name            text PRIMARY KEY,
  family          text NOT NULL CHECK (family IN ('governance', 'decisions', 'access')),
  origin          text NOT NULL UNIQUE,
  vkey            text NOT NULL,
  state           text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'frozen')),
  epoch           bigint NOT NULL DEFAULT 0,
  size            bigint NOT NULL DEFAULT 0,
  root            bytea NOT NULL CHECK (length(root) = 32),
  -- What the public sees: never ahead of the tree, and behind it only between a commit and its signature.
  checkpoint      text,
  checkpoint_size bigint CHECK (checkpoint_size <= size),
  -- Wall milliseconds of the last stamp: when the wall clock steps back, stamps hold still.
  stamped_at_ms   bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX ledger_log_active ON ledger_log (family) WHERE state = 'active';

-- Hashes and random commitments do not compress.
CREATE TABLE ledger_tile (
  log     text NOT NULL REFERENCES ledger_log,
  level   integer NOT NULL,
  index   bigint NOT NULL,
  width   integer NOT NULL CHECK (width BETWEEN 1 AND 256),
  bytes   bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (log, level, index, width)
);
ALTER TABLE ledger_tile ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE ledger_bundle (
  log     text NOT NULL REFERENCES ledger_log,
  index   bigint NOT NULL,
  width   integer NOT NULL CHECK (width BETWEEN 1 AND 256),
  bytes   bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (log, index, width)
);
ALTER TABLE ledger_bundle ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Durable entries that wait for their place. Taken by DELETE, never by a watermark: commits come out of order.
CREATE TABLE ledger_pending (
  sequence    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  family      text NOT NULL,
  leaf        bytea NOT NULL,
  -- A decision's.
  receipt_id  uuid,
  -- A governance record's.
  record_type text,
  record_id   text
);

-- What was begun and has not ended. Belongs to a worker; when the worker's lease runs out the ledger closes it.
CREATE TABLE ledger_intent (
  receipt_id uuid PRIMARY KEY,
  worker     text NOT NULL,
  -- JSON in UTF-8.
  draft      bytea NOT NULL,
  -- JSON in UTF-8: [{leaseId, amount}].
  holdings   bytea NOT NULL,
  -- Its worker lives, but could not record how it ended.
  given_up   boolean NOT NULL DEFAULT false
);
CREATE INDEX ledger_intent_worker ON ledger_intent (worker);
CREATE INDEX ledger_intent_given_up ON ledger_intent (receipt_id) WHERE given_up;

CREATE TABLE ledger_decision (
  receipt_id uuid PRIMARY KEY,
  -- Exactly what is signed.
  payload    bytea NOT NULL,
  salt       bytea NOT NULL CHECK (length(salt) = 32),
  leaf       bytea NOT NULL CHECK (length(leaf) = 51)
);

-- Place and signature of a decision, written in the transaction that grows the tree.
CREATE TABLE ledger_seal (
  receipt_id   uuid PRIMARY KEY,
  log          text NOT NULL,
  index        bigint NOT NULL,
  signature    bytea NOT NULL,
  key_id       text NOT NULL,
  signed_at_ms bigint NOT NULL
);

-- Where a governance record stands.
CREATE TABLE ledger_record (
  log         text NOT NULL,
  index       bigint NOT NULL,
  record_type text NOT NULL,
  record_id   text NOT NULL,
  PRIMARY KEY (log, index)
);
CREATE INDEX ledger_record_id ON ledger_record (record_type, record_id);

CREATE TABLE ledger_receipt_key (
  id         text PRIMARY KEY,
  public_key bytea NOT NULL CHECK (length(public_key) = 32),
  valid_from timestamptz NOT NULL,
  valid_to   timestamptz
);
