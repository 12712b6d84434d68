-- A request keeps the claim that was asked about, and stands at the claim that answers it: another one after a merge.
-- Of a person's requests that lead to one claim, one stands there; the others wait at their own.
ALTER TABLE requests RENAME TO requests_before;
CREATE TABLE requests (
  id INTEGER PRIMARY KEY,
  asked_id INTEGER NOT NULL REFERENCES claims (id),
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  person_id INTEGER NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'withdrawn')),
  answered_version INTEGER NOT NULL DEFAULT 0 CHECK (answered_version >= 0),
  created_at TEXT NOT NULL,
  answered_at TEXT,
  UNIQUE (asked_id, person_id),
  CHECK ((state = 'answered') = (answered_version > 0 AND answered_at IS NOT NULL) OR state = 'withdrawn')
) STRICT;
INSERT INTO requests (id, asked_id, claim_id, person_id, state, answered_version, created_at, answered_at)
SELECT id, claim_id, claim_id, person_id, state, answered_version, created_at, answered_at FROM requests_before;

-- Who was told which verdict: nobody twice, wherever their request stands.
CREATE TABLE answers (
  person_id INTEGER NOT NULL REFERENCES people (id),
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  answered_at TEXT NOT NULL,
  PRIMARY KEY (person_id, verdict_id)
) STRICT, WITHOUT ROWID;
INSERT INTO answers (person_id, verdict_id, answered_at)
SELECT r.person_id, v.id, o.created_at FROM requests r JOIN verdicts v ON v.claim_id = r.claim_id
JOIN outbox o ON o.dedup_key = 'answer:' || r.id || ':' || v.version;

-- Their keys named request and version; in two steps, because an old key may be another one's new key.
UPDATE outbox SET dedup_key = (
  SELECT 'was:answer:' || v.id || ':' || r.person_id FROM requests r JOIN verdicts v ON v.claim_id = r.claim_id
  WHERE outbox.dedup_key = 'answer:' || r.id || ':' || v.version)
WHERE dedup_key >= 'answer:' AND dedup_key < 'answer;' AND EXISTS (
  SELECT 1 FROM requests r JOIN verdicts v ON v.claim_id = r.claim_id
  WHERE outbox.dedup_key = 'answer:' || r.id || ':' || v.version);
UPDATE outbox SET dedup_key = substr(dedup_key, 5) WHERE dedup_key >= 'was:' AND dedup_key < 'was;';

DROP TABLE requests_before;
CREATE INDEX requests_by_person ON requests (person_id, id);
CREATE UNIQUE INDEX requests_one_voice ON requests (claim_id, person_id) WHERE state <> 'withdrawn';
CREATE INDEX requests_by_claim ON requests (claim_id, person_id);

-- What an editor's merge put aside, to be taken up again if it is undone; the audit log has the rest.
CREATE TABLE merges (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  was TEXT NOT NULL CHECK (was IN ('new', 'triage', 'queued', 'in_review', 'agreed', 'disputed', 'approved',
                                   'published', 'retracted', 'closed', 'duplicate')),
  aside TEXT NOT NULL,
  merged_at TEXT NOT NULL
) STRICT;

CREATE INDEX claims_by_duplicate ON claims (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX focuses_by_claim ON focuses (claim_id);
