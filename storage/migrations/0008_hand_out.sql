-- What a lease has besides its assignment: since when its present term runs, whether its holder was reminded in it, and how
-- often it was renewed. Who stepped back from a claim, and why. Claims of which editors were told that they are overdue.
CREATE TABLE leases (
  assignment_id INTEGER PRIMARY KEY REFERENCES assignments (id),
  since TEXT NOT NULL,
  reminded_at TEXT,
  renewals INTEGER NOT NULL DEFAULT 0 CHECK (renewals >= 0)
) STRICT;
INSERT INTO leases (assignment_id, since)
SELECT id, taken_at FROM assignments WHERE state = 'taken' AND claim_id > 0;
CREATE TABLE recusals (
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  person_id INTEGER NOT NULL REFERENCES people (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  recused_at TEXT NOT NULL,
  PRIMARY KEY (claim_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE escalations (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  escalated_at TEXT NOT NULL
) STRICT;
