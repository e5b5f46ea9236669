-- Every version of the charter that was ever proposed or adopted, as the exact bytes of its files.
CREATE TABLE charter_version (
  digest         text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
  country        text NOT NULL,
  status         text NOT NULL CHECK (status IN ('example', 'draft', 'adopted')),
  quorum         integer NOT NULL CHECK (quorum >= 0),
  proposed_at_ms bigint NOT NULL
);

CREATE TABLE charter_file (
  digest  text NOT NULL REFERENCES charter_version,
  path    text NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (digest, path)
);

-- Adoptions in order; the last one is in force. An older version may be adopted again.
CREATE TABLE charter_adoption (
  sequence      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest        text NOT NULL REFERENCES charter_version,
  adopted_at_ms bigint NOT NULL
);

-- Versions and adoptions are history: nothing changes them.
CREATE FUNCTION charter_is_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a stored charter is never changed';
END $$;
CREATE TRIGGER charter_version_kept BEFORE UPDATE OR DELETE ON charter_version FOR EACH STATEMENT EXECUTE FUNCTION charter_is_history();
CREATE TRIGGER charter_file_kept BEFORE UPDATE OR DELETE ON charter_file FOR EACH STATEMENT EXECUTE FUNCTION charter_is_history();
CREATE TRIGGER charter_adoption_kept BEFORE UPDATE OR DELETE ON charter_adoption FOR EACH STATEMENT EXECUTE FUNCTION charter_is_history();

-- Every gateway listens; the payload is the digest.
CREATE FUNCTION charter_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('polity_charter', NEW.digest);
  RETURN NULL;
END $$;
CREATE TRIGGER charter_adoption_told AFTER INSERT ON charter_adoption FOR EACH ROW EXECUTE FUNCTION charter_tell();
