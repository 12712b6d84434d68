-- What editors change about a published verdict: only proposed until it is released, kept for ever afterwards.
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  kind TEXT NOT NULL CHECK (kind IN ('correction', 'retraction')),
  state TEXT NOT NULL CHECK (state IN ('draft', 'proposed', 'released', 'dropped')),
  revision INTEGER NOT NULL DEFAULT 1,
  rating TEXT NOT NULL,
  summary TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (length(reason) > 0),
  proposed_by INTEGER NOT NULL REFERENCES people (id),
  created_at TEXT NOT NULL,
  decided_by INTEGER REFERENCES people (id),
  decided_at TEXT,
  CHECK ((decided_at IS NOT NULL) = (state IN ('released', 'dropped')))
) STRICT;
CREATE INDEX corrections_by_claim ON corrections (claim_id);
CREATE INDEX corrections_by_decision ON corrections (decided_at) WHERE state = 'released';
CREATE UNIQUE INDEX corrections_one_waiting ON corrections (claim_id) WHERE state = 'proposed';
-- The summary that an editor wrote for an agreed claim before it is approved, for the rating that was agreed on then.
CREATE TABLE wordings (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  rating TEXT NOT NULL,
  summary TEXT NOT NULL CHECK (length(summary) > 0),
  written_by INTEGER NOT NULL REFERENCES people (id),
  written_at TEXT NOT NULL
) STRICT;
-- New evidence that somebody who was told a verdict brings against it; an editor reopens the claim, or declines.
CREATE TABLE objections (
  id INTEGER PRIMARY KEY,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  person_id INTEGER NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'declined')),
  text TEXT NOT NULL CHECK (length(text) > 0),
  created_at TEXT NOT NULL,
  decided_by INTEGER REFERENCES people (id),
  decided_at TEXT,
  reason TEXT,
  CHECK ((state = 'waiting') = (decided_at IS NULL)),
  CHECK ((state = 'accepted') = (coalesce(length(reason), 0) > 0))
) STRICT;
CREATE INDEX objections_by_claim ON objections (claim_id);
CREATE UNIQUE INDEX objections_one_waiting ON objections (claim_id, person_id) WHERE state = 'waiting';
-- Whether an answer answered its reader: each person once for each version.
CREATE TABLE feedback (
  person_id INTEGER NOT NULL REFERENCES people (id),
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  helped INTEGER NOT NULL CHECK (helped IN (0, 1)),
  given_at TEXT NOT NULL,
  PRIMARY KEY (person_id, verdict_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX feedback_by_verdict ON feedback (verdict_id, helped);
