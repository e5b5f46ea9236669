-- The collection: documents as they were parsed, and an index of weighted terms for each language of search.
CREATE TABLE knowledge_document (
  id         text NOT NULL,
  language   text NOT NULL,
  sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  source     text NOT NULL CHECK (source IN ('charter', 'added')),
  -- {front, passages}
  content    jsonb NOT NULL,
  indexed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, language)
);

CREATE TABLE knowledge_terms (
  -- The language of search: the document's own, or one that it is found by although it is not written in it.
  index    text NOT NULL,
  id       text NOT NULL,
  language text NOT NULL,
  terms    text[] NOT NULL,
  -- Beside `terms`, one each.
  weights  real[] NOT NULL CHECK (cardinality(weights) = cardinality(terms)),
  PRIMARY KEY (index, id, language),
  FOREIGN KEY (id, language) REFERENCES knowledge_document ON DELETE CASCADE
);
CREATE INDEX knowledge_terms_by_term ON knowledge_terms USING gin (terms);

-- In how many documents of an index a term is. Kept by the trigger, so that no query counts a large collection.
CREATE TABLE knowledge_frequency (
  index     text NOT NULL,
  term      text NOT NULL,
  documents bigint NOT NULL,
  PRIMARY KEY (index, term)
);

CREATE FUNCTION knowledge_count_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE knowledge_frequency SET documents = documents - 1 WHERE index = OLD.index AND term = ANY (OLD.terms);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO knowledge_frequency (index, term, documents) SELECT NEW.index, unnest(NEW.terms), 1
      ON CONFLICT (index, term) DO UPDATE SET documents = knowledge_frequency.documents + 1;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER knowledge_terms_counted AFTER INSERT OR UPDATE OR DELETE ON knowledge_terms
  FOR EACH ROW EXECUTE FUNCTION knowledge_count_terms();
