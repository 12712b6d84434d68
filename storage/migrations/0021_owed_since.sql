-- Since when the desk owes a decision: since the claim came in, or since it was last taken up again after it had ended.
ALTER TABLE claims ADD COLUMN reopened_at TEXT;
ALTER TABLE claims ADD COLUMN owed_since TEXT GENERATED ALWAYS AS (coalesce(reopened_at, created_at)) VIRTUAL NOT NULL;
UPDATE claims SET reopened_at = (
  SELECT max(a.at) FROM audit a WHERE a.subject = 'claim' AND a.subject_id = claims.id AND a.action = 'claim.reopen'
    AND a.data ->> 'from' IN ('published', 'retracted', 'closed'))
WHERE practice = 0 AND id IN (SELECT subject_id FROM audit WHERE action = 'claim.reopen');
DROP INDEX claims_open;
CREATE INDEX claims_open ON claims (owed_since, state, severity, worth, asked, waiting)
WHERE state NOT IN ('published', 'retracted', 'closed', 'duplicate') AND practice = 0;
