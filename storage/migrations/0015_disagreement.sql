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

-- What a source says is published with it; of a protected one not even that.
ALTER TABLE verdict_sources ADD COLUMN quote TEXT CHECK (quote IS NULL OR protected = 0);

-- Of a file that is evidence the hash and the size are kept, not its bytes: the job `hash` asks Telegram for them once.
ALTER TABLE sources ADD COLUMN sha256 TEXT CHECK (sha256 IS NULL OR (file_kind IS NOT NULL AND length(sha256) = 64));
ALTER TABLE sources ADD COLUMN file_size INTEGER CHECK ((file_size IS NULL) = (sha256 IS NULL));
CREATE INDEX sources_by_file ON sources (file_unique_id) WHERE file_unique_id IS NOT NULL;
CREATE TABLE fetches (
  unique_id TEXT PRIMARY KEY,
  file_id TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  retry_at TEXT NOT NULL,
  given_up TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX fetches_due ON fetches (retry_at) WHERE given_up IS NULL;
INSERT INTO fetches (unique_id, file_id, retry_at)
SELECT file_unique_id, max(file_id), '' FROM sources WHERE file_unique_id IS NOT NULL GROUP BY file_unique_id;
