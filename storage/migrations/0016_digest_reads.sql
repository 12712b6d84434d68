-- How many people asked about a claim and how many of them wait, kept beside it, and one index over what is open: the
-- queue, the backlog and what most people wait for are read without a look at the rows, however many are done.
ALTER TABLE claims ADD COLUMN asked INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0);
ALTER TABLE claims ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0);
UPDATE claims SET asked = (SELECT count(*) FROM requests r WHERE r.claim_id = claims.id AND r.state <> 'withdrawn'),
  waiting = (SELECT count(*) FROM requests r WHERE r.claim_id = claims.id AND r.state = 'waiting')
WHERE id IN (SELECT claim_id FROM requests);
CREATE INDEX claims_open ON claims (created_at, state, severity, worth, asked, waiting)
WHERE state NOT IN ('published', 'retracted', 'closed', 'duplicate') AND practice = 0;
CREATE INDEX verdicts_later ON verdicts (published_at) WHERE version > 1;
CREATE TRIGGER claim_asked AFTER INSERT ON requests WHEN NEW.state <> 'withdrawn'
BEGIN
  UPDATE claims SET asked = asked + 1, waiting = waiting + (NEW.state = 'waiting') WHERE id = NEW.claim_id;
END;
CREATE TRIGGER claim_asked_otherwise AFTER UPDATE OF claim_id, state ON requests
WHEN NEW.claim_id <> OLD.claim_id OR NEW.state <> OLD.state
BEGIN
  UPDATE claims SET asked = asked - (OLD.state <> 'withdrawn'), waiting = waiting - (OLD.state = 'waiting')
  WHERE id = OLD.claim_id;
  UPDATE claims SET asked = asked + (NEW.state <> 'withdrawn'), waiting = waiting + (NEW.state = 'waiting')
  WHERE id = NEW.claim_id;
END;
