-- What tenants leave with the service: files, batches, responses. Content is sealed (AES-256-GCM) under the key of its
-- tenant, bound to table, row and column; the tenant's key is wrapped by the key-encryption key, which is in no database.
CREATE TABLE vault_key (
  tenant        text PRIMARY KEY,
  wrapped_key   bytea NOT NULL,
  kek           text NOT NULL,
  created_at_ms bigint NOT NULL
);

CREATE TABLE vault_file (
  id            text PRIMARY KEY CHECK (id ~ '^file-[0-9a-f]{32}$'),
  tenant        text NOT NULL,
  -- Known once the form has come whole.
  purpose       text CHECK (purpose IN ('batch', 'batch_output', 'user_data', 'assistants', 'vision', 'evals', 'fine-tune')),
  name          bytea NOT NULL,
  size_bytes    bigint NOT NULL DEFAULT 0,
  -- Null while it is being uploaded: nobody sees it then.
  whole_at_ms   bigint,
  created_at_ms bigint NOT NULL,
  kept_until_ms bigint NOT NULL
);
CREATE INDEX vault_file_newest ON vault_file (tenant, created_at_ms DESC, id DESC);
CREATE INDEX vault_file_kept ON vault_file (kept_until_ms);

CREATE TABLE vault_file_part (
  file   text NOT NULL REFERENCES vault_file ON DELETE CASCADE,
  number integer NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (file, number)
);

CREATE TABLE vault_response (
  id            text PRIMARY KEY CHECK (id ~ '^resp_[0-9a-f]{48}$'),
  tenant        text NOT NULL,
  -- The conversation up to and with this answer, and the answer as the client got it.
  sealed        bytea NOT NULL,
  created_at_ms bigint NOT NULL,
  kept_until_ms bigint NOT NULL
);
CREATE INDEX vault_response_kept ON vault_response (kept_until_ms);

CREATE TABLE vault_batch (
  id             text PRIMARY KEY CHECK (id ~ '^batch_[0-9a-f]{32}$'),
  tenant         text NOT NULL,
  -- Who pays and whose rights count, looked up anew for each line.
  key_id         text NOT NULL,
  purpose        text NOT NULL,
  endpoint       text NOT NULL,
  input_file     text NOT NULL,
  output_file    text,
  error_file     text,
  state          text NOT NULL CHECK (state IN
                   ('validating', 'in_progress', 'finalizing', 'completed', 'failed', 'expired', 'cancelling', 'cancelled')),
  -- Sealed JSON: metadata of the caller and errors of validation, which quote the file.
  details        bytea NOT NULL,
  -- By state: milliseconds since 1970.
  times          jsonb NOT NULL,
  ends_by_ms     bigint NOT NULL,
  created_at_ms  bigint NOT NULL,
  kept_until_ms  bigint NOT NULL,
  -- Who validates or finalizes it now.
  worker         text,
  worker_until   timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX vault_batch_newest ON vault_batch (tenant, created_at_ms DESC, id DESC);
CREATE INDEX vault_batch_open ON vault_batch (created_at_ms)
  WHERE state IN ('validating', 'in_progress', 'finalizing', 'cancelling');

CREATE TABLE vault_batch_line (
  batch        text NOT NULL REFERENCES vault_batch ON DELETE CASCADE,
  number       integer NOT NULL,
  -- The line of the file, then the line of the result.
  sealed       bytea NOT NULL,
  state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  -- Until then nobody else takes it: its runner's claim, or a pause after a limit.
  busy_until   timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (batch, number)
);
CREATE INDEX vault_batch_line_waiting ON vault_batch_line (batch, number) WHERE state = 'waiting';
