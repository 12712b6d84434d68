-- One row per claim with what figures are made of, kept by triggers, so that they never read a whole table.
-- Instants are seconds since 1970, as they are only subtracted. `ratings` are those of its submitted reviews, sorted and
-- with spaces between; the numbers of sources are those of its newest published verdict.
CREATE TABLE milestones (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id) ON DELETE CASCADE,
  created_at REAL NOT NULL,
  taken_at REAL,
  reviewed_at REAL,
  decided_at REAL,
  published_at REAL,
  ended_at REAL,
  ratings TEXT NOT NULL DEFAULT '',
  sources INTEGER,
  primary_sources INTEGER,
  archived_sources INTEGER
) STRICT;
INSERT INTO milestones
SELECT c.id, (julianday(c.created_at) - 2440587.5) * 86400.0,
  (SELECT (julianday(min(a.taken_at)) - 2440587.5) * 86400.0 FROM assignments a WHERE a.claim_id = c.id),
  (SELECT (julianday(min(r.submitted_at)) - 2440587.5) * 86400.0 FROM reviews r WHERE r.claim_id = c.id),
  (SELECT (julianday(min(v.decided_at)) - 2440587.5) * 86400.0 FROM verdicts v WHERE v.claim_id = c.id),
  (SELECT (julianday(min(v.published_at)) - 2440587.5) * 86400.0 FROM verdicts v WHERE v.claim_id = c.id),
  CASE WHEN c.state IN ('closed', 'duplicate') THEN (julianday(c.state_at) - 2440587.5) * 86400.0 END,
  coalesce((SELECT group_concat(rating, ' ') FROM (SELECT r.rating FROM reviews r
            WHERE r.claim_id = c.id AND r.state = 'submitted' ORDER BY r.rating)), ''),
  (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = p.id),
  (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = p.id AND s.kind = 'primary'),
  (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = p.id AND s.archived_url IS NOT NULL)
FROM claims c LEFT JOIN verdicts p ON p.id = (
  SELECT v.id FROM verdicts v WHERE v.claim_id = c.id AND v.published_at IS NOT NULL ORDER BY v.version DESC LIMIT 1)
WHERE c.practice = 0 AND NOT EXISTS (
  SELECT 1 FROM audit a WHERE a.subject = 'claim' AND a.subject_id = c.id AND a.action = 'claim.imported');
UPDATE milestones SET sources = NULL, primary_sources = NULL, archived_sources = NULL WHERE published_at IS NULL;
CREATE INDEX milestones_by_creation ON milestones (created_at);
CREATE INDEX milestones_by_decision ON milestones (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX milestones_by_publication ON milestones (published_at) WHERE published_at IS NOT NULL;
CREATE TRIGGER milestone_created AFTER INSERT ON claims WHEN NEW.practice = 0
BEGIN
  INSERT INTO milestones (claim_id, created_at) VALUES (NEW.id, (julianday(NEW.created_at) - 2440587.5) * 86400.0);
END;
CREATE TRIGGER milestone_ended AFTER UPDATE OF state ON claims
BEGIN
  UPDATE milestones
  SET ended_at = CASE WHEN NEW.state IN ('closed', 'duplicate') THEN (julianday(NEW.state_at) - 2440587.5) * 86400.0 END
  WHERE claim_id = NEW.id;
END;
CREATE TRIGGER milestone_taken AFTER UPDATE OF taken_at ON assignments WHEN NEW.taken_at IS NOT NULL
BEGIN
  UPDATE milestones SET taken_at = (julianday(NEW.taken_at) - 2440587.5) * 86400.0
  WHERE claim_id = NEW.claim_id AND taken_at IS NULL;
END;
CREATE TRIGGER milestone_reviewed AFTER UPDATE OF state, rating ON reviews
WHEN NEW.state = 'submitted' OR OLD.state = 'submitted'
BEGIN
  UPDATE milestones
  SET reviewed_at = coalesce(reviewed_at, (julianday(NEW.submitted_at) - 2440587.5) * 86400.0),
      ratings = coalesce((SELECT group_concat(rating, ' ') FROM (SELECT r.rating FROM reviews r
        WHERE r.claim_id = NEW.claim_id AND r.state = 'submitted' ORDER BY r.rating)), '')
  WHERE claim_id = NEW.claim_id;
END;
CREATE TRIGGER milestone_decided AFTER INSERT ON verdicts
BEGIN
  UPDATE milestones SET decided_at = coalesce(decided_at, (julianday(NEW.decided_at) - 2440587.5) * 86400.0)
  WHERE claim_id = NEW.claim_id;
END;
CREATE TRIGGER milestone_published AFTER UPDATE OF published_at ON verdicts WHEN NEW.published_at IS NOT NULL
BEGIN
  UPDATE milestones
  SET published_at = coalesce(published_at, (julianday(NEW.published_at) - 2440587.5) * 86400.0),
      sources = (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = NEW.id),
      primary_sources = (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = NEW.id AND s.kind = 'primary'),
      archived_sources =
        (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = NEW.id AND s.archived_url IS NOT NULL)
  WHERE claim_id = NEW.claim_id;
END;
CREATE INDEX requests_by_time ON requests (created_at, state);
