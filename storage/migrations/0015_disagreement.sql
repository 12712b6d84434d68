-- Who decided a dispute as one of its parties is named so on the verdict.
ALTER TABLE verdicts ADD COLUMN by_reviewer INTEGER NOT NULL DEFAULT 0 CHECK (by_reviewer IN (0, 1));
UPDATE verdicts SET by_reviewer = 1
WHERE method = 'adjudicated' AND decided_by IS NOT NULL AND EXISTS (
  SELECT 1 FROM audit a
  WHERE a.subject = 'claim' AND a.subject_id = verdicts.claim_id AND a.action = 'claim.adjudicate'
    AND a.actor = verdicts.decided_by AND json_extract(a.data, '$.reviewed') = 1);

-- What editors did to claims and can still take back; after `until` it stands.
CREATE TABLE holds (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  action TEXT NOT NULL CHECK (action IN ('approve', 'close')),
  person_id INTEGER NOT NULL REFERENCES people (id),
  was TEXT NOT NULL CHECK (was IN ('new', 'triage', 'queued', 'in_review', 'agreed', 'disputed', 'approved',
                                   'published', 'retracted', 'closed', 'duplicate')),
  since TEXT NOT NULL,
  aside TEXT NOT NULL,
  until TEXT NOT NULL
) STRICT;
CREATE INDEX holds_by_until ON holds (until);

-- An approval that is taken back leaves no verdict.
CREATE TRIGGER milestone_undecided AFTER DELETE ON verdicts
BEGIN
  UPDATE milestones SET decided_at = NULL
  WHERE claim_id = OLD.claim_id AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.claim_id = OLD.claim_id);
END;
