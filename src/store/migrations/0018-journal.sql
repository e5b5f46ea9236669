-- What gateways hand to the ledger process: one row for each group commit, with many intents and outcomes in it. It is
-- taken by DELETE, never by a watermark: commits come out of order. Format: src/ledger/journal.ts.
CREATE TABLE journal (
  seq     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  worker  text NOT NULL,
  records integer NOT NULL,
  items   bytea NOT NULL
) WITH (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000);
-- Digests and random ids do not compress, and rows live for a tenth of a second.
ALTER TABLE journal ALTER COLUMN items SET STORAGE EXTERNAL;

-- The fence, and why a batch whose answer was lost is written once: a process that records moves its lane forward in the
-- transaction that writes the batch. The ledger process ends the lanes of a process that is gone; the row's lock makes it
-- wait for a batch in flight, and nothing comes behind the end.
CREATE TABLE journal_lane (
  id     text PRIMARY KEY,
  worker text NOT NULL,
  batch  bigint NOT NULL DEFAULT 0,
  ended  boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);

-- Decisions that wait for their place were made and salted already: they wait in the journal now, as they are.
INSERT INTO journal (worker, records, items)
  SELECT '', 1, '\x0108'::bytea || p.receipt_id || int4send(octet_length(d.payload)) || d.payload || d.salt || d.leaf
    || int4send(octet_length(coalesce(d.account, '{}'))) || coalesce(d.account, '{}')
  FROM pending AS p JOIN decision AS d USING (receipt_id) WHERE p.family = 'decisions' ORDER BY p.seq;
DELETE FROM pending WHERE family = 'decisions';
ALTER TABLE pending DROP COLUMN receipt_id;

-- Intents come from the journal, as far as they outlive one round of it. No index by worker: only the reaper asks for that.
ALTER TABLE intent ADD COLUMN record bytea;
UPDATE intent SET record = '\x0107'::bytea || receipt_id || int4send(octet_length(old.text)) || old.text
  FROM (SELECT i.receipt_id AS id, convert_to('{"draft":' || convert_from(i.draft, 'UTF8') || ',"holdings":'
    || convert_from(i.holdings, 'UTF8') || ',"account":' || convert_from(coalesce(i.account, '{}'), 'UTF8') || '}', 'UTF8') AS text
    FROM intent AS i) AS old WHERE old.id = intent.receipt_id;
DROP INDEX intent_worker;
ALTER TABLE intent ALTER COLUMN record SET NOT NULL, DROP COLUMN draft, DROP COLUMN holdings, DROP COLUMN given_up, DROP COLUMN account;

-- A decision, its place and its signature are one row, written in the transaction that grows the tree.
CREATE TABLE decision_in_log (
  receipt_id bytea NOT NULL CHECK (length(receipt_id) = 16),
  -- Exactly what is signed.
  payload    bytea NOT NULL,
  salt       bytea NOT NULL CHECK (length(salt) = 32),
  leaf       bytea NOT NULL CHECK (length(leaf) = 51),
  -- {"key","project","energyMicroWh","co2MicroGrams"} as JSON in UTF-8; never signed.
  account    bytea,
  log        text NOT NULL,
  index      bigint NOT NULL,
  key_id     text NOT NULL,
  signature  bytea NOT NULL CHECK (length(signature) = 64),
  signed_at  timestamptz NOT NULL
) WITH (toast_tuple_target = 8160);
INSERT INTO decision_in_log
  SELECT d.receipt_id, d.payload, d.salt, d.leaf, d.account, s.log, s.index, s.key_id, decode(s.signature, 'base64'), s.signed_at
  FROM decision AS d JOIN sealed AS s USING (receipt_id) ORDER BY s.log, s.index;
DROP TABLE sealed, decision;
ALTER TABLE decision_in_log RENAME TO decision;
ALTER TABLE decision ADD PRIMARY KEY (receipt_id);
CREATE UNIQUE INDEX decision_place ON decision (log, index);

-- How far lists and counts have come: moved in the transaction that adds to them.
CREATE TABLE record_position (
  log  text PRIMARY KEY,
  next bigint NOT NULL
);
INSERT INTO record_position SELECT log, max(index) + 1 FROM record_entry GROUP BY log;
