-- What finds a known claim in other words. Stems rather than words, so that "troop" meets "troops" and সেনাদের meets
-- সেনা; contentless, because the words themselves are in claim_words. In full detail: without the places of the terms a
-- contentless table cannot count them, and bm25() is 0 for every row.
CREATE VIRTUAL TABLE claim_stems USING fts5 (
  text, about, content = '',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mc Mn'"
);

CREATE VIRTUAL TABLE claim_stem_counts USING fts5vocab (claim_stems, row);

-- A comparison of a claim with one known before it. `parts` is the evidence as JSON, for the reader.
CREATE TABLE matches (
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  known_id INTEGER NOT NULL REFERENCES claims (id),
  level TEXT NOT NULL CHECK (level IN ('same', 'similar')),
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
  method TEXT NOT NULL CHECK (method IN ('words', 'meaning')),
  parts TEXT NOT NULL,
  found_at TEXT NOT NULL,
  PRIMARY KEY (claim_id, known_id),
  CHECK (claim_id <> known_id)
) STRICT;

CREATE INDEX matches_by_known ON matches (known_id);

-- Sentence embeddings, one byte a dimension; only filled where the `semantic` extra is installed.
CREATE TABLE claim_vectors (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  vector BLOB NOT NULL
) STRICT;

-- How far a background walk over all claims has come: those up to `upto` are done under the rules of `version`.
CREATE TABLE indexing (
  name TEXT PRIMARY KEY CHECK (name IN ('words', 'links', 'vectors')),
  version TEXT NOT NULL,
  upto INTEGER NOT NULL CHECK (upto >= 0)
) STRICT;

-- Where documents stand on the web, in the form that is equal for equal pages.
CREATE TABLE document_links (
  link TEXT NOT NULL CHECK (link <> ''),
  document_id INTEGER NOT NULL REFERENCES documents (id),
  PRIMARY KEY (link, document_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_tags (
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  tag TEXT NOT NULL CHECK (tag <> ''),
  PRIMARY KEY (tag, claim_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_tags_by_claim ON claim_tags (claim_id);

-- What a search goes through when few claims pass its filter.
CREATE INDEX claims_by_language ON claims (language);
CREATE INDEX documents_by_submitter ON documents (submitted_by) WHERE submitted_by IS NOT NULL;
CREATE INDEX verdicts_by_rating ON verdicts (rating, claim_id) WHERE published_at IS NOT NULL;
CREATE INDEX people_by_name ON people (name);
