-- Digests of model files that were announced in the governance log: each once.
CREATE TABLE model_verified (
  sha256      text PRIMARY KEY,
  id          text NOT NULL,
  verified_at timestamptz NOT NULL DEFAULT now()
);
