-- What reviewers say about their work: which languages they read and topics they know (codes and tags with spaces
-- between, none for any), how many claims at once, and when they work: days 0 (Monday) to 6, minutes since local
-- midnight in the zone of the person; from = until is the whole day. No row: they never said anything.
CREATE TABLE profiles (
  person_id INTEGER PRIMARY KEY REFERENCES people (id),
  languages TEXT NOT NULL DEFAULT '',
  topics TEXT NOT NULL DEFAULT '',
  capacity INTEGER CHECK (capacity > 0),
  work_days TEXT CHECK (work_days GLOB '[0-6]*'),
  work_from INTEGER CHECK (work_from BETWEEN 0 AND 1439),
  work_until INTEGER CHECK (work_until BETWEEN 0 AND 1439),
  CHECK ((work_days IS NULL) = (work_from IS NULL) AND (work_from IS NULL) = (work_until IS NULL))
) STRICT;
-- Reviewers who let offers run out and do nothing: asked, then taken off duty, then invited back. It ends when they act.
CREATE TABLE idle_spells (
  person_id INTEGER PRIMARY KEY REFERENCES people (id),
  asked_at TEXT NOT NULL,
  left_at TEXT,
  invited_at TEXT,
  CHECK (invited_at IS NULL OR left_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
