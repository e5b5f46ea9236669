-- API keys: only the SHA-256 of a secret is here. A revoked key stays, so that its id never means another.
CREATE TABLE api_key (
  id            text PRIMARY KEY,
  secret_hash   text NOT NULL UNIQUE CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
  name          text NOT NULL,
  tenant        text NOT NULL,
  purposes      text[] NOT NULL CHECK (cardinality(purposes) > 0),
  default_level text,
  limits        jsonb NOT NULL,
  role          text NOT NULL CHECK (role IN ('administrator', 'operator', 'auditor', 'caller')),
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint,
  revoked_at_ms bigint
);

-- Every process that holds keys in memory listens; the payload is the id.
CREATE FUNCTION identity_tell_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('polity_keys', NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER api_key_told AFTER INSERT OR UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION identity_tell_keys();

-- Links for administrators: used up by one exchange.
CREATE TABLE admin_link (
  token_hash    text PRIMARY KEY CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  role          text NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  used_at_ms    bigint
);

CREATE TABLE session (
  secret_hash   text PRIMARY KEY CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
  id            text NOT NULL UNIQUE,
  role          text NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  ended_at_ms   bigint
);
