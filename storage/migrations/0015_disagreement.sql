-- Who decided a dispute as one of its parties is named so on the verdict.
ALTER TABLE verdicts ADD COLUMN by_reviewer INTEGER NOT NULL DEFAULT 0 CHECK (by_reviewer IN (0, 1));
UPDATE verdicts SET by_reviewer = 1
WHERE method = 'adjudicated' AND decided_by IS NOT NULL AND EXISTS (
  SELECT 1 FROM audit a
  WHERE a.subject = 'claim' AND a.subject_id = verdicts.claim_id AND a.action = 'claim.adjudicate'
    AND a.actor = verdicts.decided_by AND json_extract(a.data, '$.reviewed') = 1);
