-- Each term of an index with the documents that have it, so that a search reads nothing but the terms asked for.
CREATE TABLE knowledge_posting (
  index    text NOT NULL,
  term     text NOT NULL,
  id       text NOT NULL,
  language text NOT NULL,
  weight   real NOT NULL,
  PRIMARY KEY (index, term, id, language) INCLUDE (weight),
  FOREIGN KEY (index, id, language) REFERENCES knowledge_terms ON DELETE CASCADE
);
CREATE INDEX knowledge_posting_by_document ON knowledge_posting (index, id, language);

INSERT INTO knowledge_posting (index, term, id, language, weight)
  SELECT t.index, own.term, t.id, t.language, own.weight
  FROM knowledge_terms t, unnest(t.terms, t.weights) AS own(term, weight);

CREATE FUNCTION knowledge_post_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO knowledge_posting (index, term, id, language, weight)
    SELECT NEW.index, own.term, NEW.id, NEW.language, own.weight FROM unnest(NEW.terms, NEW.weights) AS own(term, weight);
  RETURN NULL;
END $$;
-- Rows of terms are inserted and deleted, never updated.
CREATE TRIGGER knowledge_terms_posted AFTER INSERT ON knowledge_terms FOR EACH ROW EXECUTE FUNCTION knowledge_post_terms();
DROP INDEX knowledge_terms_by_term;
