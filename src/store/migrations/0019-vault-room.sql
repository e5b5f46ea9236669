-- What a batch still has to do is kept for it and counts as its tenant's; once it has ended, its lines are in its files and the
-- counts are all that is left of them.
ALTER TABLE vault_batch ADD COLUMN input_bytes bigint NOT NULL DEFAULT 0;
-- {waiting, done, failed}; null until it has ended.
ALTER TABLE vault_batch ADD COLUMN counts jsonb;
