-- The assistant. Everything that a person wrote or was answered is sealed (AES-256-GCM) under the key of its subject,
-- bound to table, row and column; the subject's key is wrapped by the key-encryption key, which is in no database.
CREATE TABLE assistant_subject (
  -- Such as `guest-2f9c01ab77d0`: what quotas count by.
  id            text PRIMARY KEY,
  secret_hash   text NOT NULL UNIQUE CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
  wrapped_key   bytea NOT NULL,
  -- Which key-encryption key wrapped it.
  kek           text NOT NULL,
  created_at_ms bigint NOT NULL,
  -- Without a conversation the subject goes then.
  kept_until_ms bigint NOT NULL
);

CREATE TABLE assistant_conversation (
  id            text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  subject       text NOT NULL REFERENCES assistant_subject ON DELETE CASCADE,
  title         bytea NOT NULL,
  turns         integer NOT NULL DEFAULT 1,
  created_at_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL,
  -- What the person was told; the sweep keeps to it.
  kept_until_ms bigint NOT NULL
);
CREATE INDEX assistant_conversation_newest ON assistant_conversation (subject, updated_at_ms DESC, id DESC);
CREATE INDEX assistant_conversation_kept ON assistant_conversation (kept_until_ms);

CREATE TABLE assistant_turn (
  seq            bigint GENERATED ALWAYS AS IDENTITY,
  id             text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  subject        text NOT NULL REFERENCES assistant_subject ON DELETE CASCADE,
  conversation   text NOT NULL REFERENCES assistant_conversation ON DELETE CASCADE,
  parent         text,
  mode           text NOT NULL CHECK (mode IN ('quoted', 'chat')),
  state          text NOT NULL DEFAULT 'running'
                   CHECK (state IN ('running', 'complete', 'stopped', 'unfinished', 'refused', 'failed')),
  language       text NOT NULL,
  -- Who makes the answer. Once its lease is over, a running turn reads as unfinished.
  worker         text NOT NULL,
  stop_asked     boolean NOT NULL DEFAULT false,
  created_at_ms  bigint NOT NULL,
  finished_at_ms bigint,
  receipt_id     text,
  question       bytea NOT NULL,
  answer         bytea,
  wire           bytea,
  -- Why there is no answer.
  ending         bytea,
  -- Keyed digests of `idempotency-key` and of what was asked with it.
  request_key    text,
  request_digest text,
  UNIQUE (subject, request_key)
);
CREATE INDEX assistant_turn_conversation ON assistant_turn (conversation, seq);
CREATE INDEX assistant_turn_running ON assistant_turn (worker) WHERE state = 'running';

-- A contested answer. Sealed under a key of its own, so that it outlives the conversation: hence no reference to it.
CREATE TABLE assistant_case (
  id            text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  number        text NOT NULL UNIQUE,
  turn          text NOT NULL UNIQUE,
  mode          text NOT NULL,
  reason        text NOT NULL CHECK (reason IN ('untrue', 'incomplete', 'source', 'refusal')),
  state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open')),
  created_at_ms bigint NOT NULL,
  due_at_ms     bigint NOT NULL,
  -- By language.
  institution   jsonb NOT NULL,
  receipt_id    text,
  wrapped_key   bytea NOT NULL,
  kek           text NOT NULL,
  words         bytea NOT NULL,
  evidence      bytea NOT NULL
);

-- The last number given in a year.
CREATE TABLE assistant_case_year (
  year integer PRIMARY KEY,
  last integer NOT NULL
);
