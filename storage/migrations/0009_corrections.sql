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
