-- Of how many origins a published verdict is: the most that one review behind it has. Counted once, when it is published.
ALTER TABLE milestones ADD COLUMN origins INTEGER;
UPDATE milestones SET origins = (
  SELECT max(n) FROM (
    SELECT count(DISTINCT coalesce(s.origin, s.id)) AS n FROM reviews r JOIN sources s ON s.review_id = r.id
    WHERE r.claim_id = milestones.claim_id AND r.state = 'submitted' AND r.rating = (
      SELECT v.rating FROM verdicts v WHERE v.claim_id = milestones.claim_id AND v.published_at IS NOT NULL
      ORDER BY v.version DESC LIMIT 1)
    GROUP BY r.id))
WHERE published_at IS NOT NULL;
DROP TRIGGER milestone_published;
CREATE TRIGGER milestone_published AFTER UPDATE OF published_at ON verdicts WHEN NEW.published_at IS NOT NULL
BEGIN
  UPDATE milestones
  SET published_at = coalesce(published_at, (julianday(NEW.published_at) - 2440587.5) * 86400.0),
      sources = (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = NEW.id),
      primary_sources = (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = NEW.id AND s.kind = 'primary'),
      archived_sources =
        (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = NEW.id AND s.archived_url IS NOT NULL),
      origins = (SELECT max(n) FROM (
        SELECT count(DISTINCT coalesce(s.origin, s.id)) AS n FROM reviews r JOIN sources s ON s.review_id = r.id
        WHERE r.claim_id = NEW.claim_id AND r.state = 'submitted' AND r.rating = NEW.rating GROUP BY r.id))
  WHERE claim_id = NEW.claim_id;
END;
