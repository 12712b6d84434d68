-- Since when the desk owes a decision: since the claim came in, or since it was last taken up again after it had ended.
-- A column of its own, not a generated one: an index on such a column does not cover a query.
ALTER TABLE claims ADD COLUMN owed_since TEXT NOT NULL DEFAULT '';
UPDATE claims SET owed_since = coalesce(
  (SELECT max(a.at) FROM audit a WHERE a.subject = 'claim' AND a.subject_id = claims.id AND a.action = 'claim.reopen'
     AND a.data ->> 'from' IN ('published', 'retracted', 'closed')),
  created_at);
DROP INDEX claims_open;
CREATE INDEX claims_open ON claims (owed_since, state, severity, worth, asked, waiting)
WHERE state NOT IN ('published', 'retracted', 'closed', 'duplicate') AND practice = 0;
