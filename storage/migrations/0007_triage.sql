-- What editors chose of the sentences of a document, against what the desk would choose by itself.
CREATE TABLE triage_choices (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  chosen INTEGER NOT NULL CHECK (chosen IN (0, 1))
) STRICT;

-- At which page of a document's card each editor is, and whether they are asked why the rest is closed.
CREATE TABLE triage_views (
  person_id INTEGER NOT NULL REFERENCES people (id),
  document_id INTEGER NOT NULL REFERENCES documents (id),
  first INTEGER NOT NULL CHECK (first >= 0),
  closing INTEGER NOT NULL CHECK (closing IN (0, 1)),
  PRIMARY KEY (person_id, document_id)
) STRICT, WITHOUT ROWID;

-- Rules that editors made. A removed one keeps its row: the audit log names it.
CREATE TABLE desk_rules (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL CHECK (text <> ''),
  state TEXT NOT NULL CHECK (state IN ('off', 'on', 'removed')),
  created_by INTEGER REFERENCES people (id),
  created_at TEXT NOT NULL
) STRICT;

-- A rule acts once on a claim.
CREATE TABLE desk_rule_acts (
  rule_id INTEGER NOT NULL REFERENCES desk_rules (id),
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  acted_at TEXT NOT NULL,
  PRIMARY KEY (rule_id, claim_id)
) STRICT, WITHOUT ROWID;
