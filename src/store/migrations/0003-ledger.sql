-- The tamper-evident logs. Only the ledger process writes logs, tiles, bundles and seals; gateways insert what is pending.
-- `epoch` is the fence: whoever takes a log over raises it, and every write compares it with `size` in its own transaction.
CREATE TABLE log (
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
  checkpoint_size bigint CHECK (checkpoint_size <= size)
);
CREATE UNIQUE INDEX log_active ON log (family) WHERE state = 'active';

-- Hashes and random commitments do not compress.
CREATE TABLE tile (
  log     text NOT NULL REFERENCES log,
  level   integer NOT NULL CHECK (level BETWEEN 0 AND 63),
  index   bigint NOT NULL,
  width   integer NOT NULL CHECK (width BETWEEN 1 AND 256),
  bytes   bytea NOT NULL CHECK (length(bytes) = 32 * width),
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (log, level, index, width)
);
ALTER TABLE tile ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE bundle (
  log     text NOT NULL REFERENCES log,
  index   bigint NOT NULL,
  width   integer NOT NULL CHECK (width BETWEEN 1 AND 256),
  bytes   bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (log, index, width)
);
ALTER TABLE bundle ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Durable entries that wait for their place. Taken by DELETE, never by a watermark: commits come out of order.
CREATE TABLE pending (
  seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  family     text NOT NULL,
  leaf       bytea NOT NULL,
  -- Of a decision.
  receipt_id bytea CHECK (length(receipt_id) = 16),
  -- Of the receipt key that this governance record announces.
  key_id     text
);

-- What has begun and not ended. Belongs to a worker; the ledger closes it when the worker's lease runs out.
CREATE TABLE intent (
  receipt_id bytea PRIMARY KEY CHECK (length(receipt_id) = 16),
  worker     text NOT NULL,
  -- JSON in UTF-8.
  draft      bytea NOT NULL,
  -- [{leaseId, amount}] as JSON in UTF-8.
  holdings   bytea NOT NULL,
  -- Its worker lives, but could not record how it ended.
  given_up   boolean NOT NULL DEFAULT false
);
CREATE INDEX intent_worker ON intent (worker);
CREATE INDEX intent_given_up ON intent (worker) WHERE given_up;

CREATE TABLE decision (
  receipt_id bytea PRIMARY KEY CHECK (length(receipt_id) = 16),
  -- Exactly what is signed.
  payload    bytea NOT NULL,
  salt       bytea NOT NULL CHECK (length(salt) = 32),
  leaf       bytea NOT NULL CHECK (length(leaf) = 51)
);

-- Place and signature of a decision, written in the transaction that grows the tree.
CREATE TABLE sealed (
  receipt_id bytea PRIMARY KEY,
  log        text NOT NULL,
  index      bigint NOT NULL,
  key_id     text NOT NULL,
  -- base64
  signature  text NOT NULL,
  signed_at  timestamptz NOT NULL
);

CREATE TABLE receipt_key (
  id               text PRIMARY KEY,
  public_key       bytea NOT NULL CHECK (length(public_key) = 32),
  valid_from       timestamptz NOT NULL,
  valid_to         timestamptz,
  governance_index bigint
);
