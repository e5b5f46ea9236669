-- How fast each backend was, by minute: counts of answers whose first byte came within a step of time. Kept for a day.
CREATE TABLE backend_minute (
  backend text NOT NULL,
  minute  timestamptz NOT NULL,
  -- Of BackendTally; -1: answers that failed.
  step    smallint NOT NULL,
  answers integer NOT NULL,
  -- Sum of the time that the answers took, for the load.
  busy_ms bigint NOT NULL,
  PRIMARY KEY (backend, minute, step)
);
CREATE INDEX backend_minute_by_time ON backend_minute (minute);
