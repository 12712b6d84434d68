-- 0002: practice (docs/decisions/0009-practice.md).
-- A practice claim has a number below zero, so that it takes no public one, and every row that names a claim says by the
-- sign whether it is practice. It is new for ever: none of the moves that lead to the public can be made.

ALTER TABLE claims ADD COLUMN practice INTEGER NOT NULL DEFAULT 0
  CHECK (practice = (id < 0)) CHECK (practice = 0 OR state = 'new');

-- What the desk itself found, beside the claim and not among the verdicts: those are published.
CREATE TABLE practice_cases (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id) CHECK (claim_id < 0),
  rating TEXT NOT NULL CHECK (length(rating) BETWEEN 1 AND 32),
  summary TEXT NOT NULL,
  sources TEXT NOT NULL,
  decided_at TEXT NOT NULL
) STRICT;

-- Whoever practises has one practice claim at a time, whatever they tap twice.
CREATE UNIQUE INDEX assignments_one_practice ON assignments (person_id)
  WHERE claim_id < 0 AND state IN ('offered', 'taken');
CREATE INDEX assignments_of_practice ON assignments (person_id, id) WHERE claim_id < 0;
