-- More cadences, several digests in a chat, pauses; and periods know which events and claims they begin behind, as the
-- clock that dates them may be set.
CREATE TEMP TABLE kept AS SELECT * FROM subscriptions;
DROP TABLE subscriptions;
CREATE TABLE subscriptions (
  id INTEGER PRIMARY KEY,
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  cadence TEXT NOT NULL CHECK (cadence IN ('daily', 'weekdays', 'weekly', 'monthly', 'cron')),
  zone TEXT NOT NULL,
  local_minute INTEGER CHECK (local_minute BETWEEN 0 AND 1439),
  day INTEGER,
  cron TEXT,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  audience TEXT NOT NULL DEFAULT 'reviewers' CHECK (audience IN ('public', 'reviewers', 'editors')),
  left_out TEXT NOT NULL DEFAULT '[]',
  covered_until TEXT NOT NULL,
  next_at TEXT NOT NULL,
  seen_event INTEGER NOT NULL,
  seen_claim INTEGER NOT NULL,
  created_by INTEGER REFERENCES people (id),
  created_at TEXT NOT NULL,
  CHECK ((cadence = 'cron') = (cron IS NOT NULL)),
  CHECK ((cadence = 'cron') = (local_minute IS NULL)),
  CHECK (CASE cadence WHEN 'weekly' THEN day BETWEEN 0 AND 6 AND day IS NOT NULL
                      WHEN 'monthly' THEN day BETWEEN 1 AND 31 AND day IS NOT NULL
                      ELSE day IS NULL END)
) STRICT;
INSERT INTO subscriptions (id, chat_id, thread_id, cadence, zone, local_minute, day, active, covered_until, next_at,
  seen_event, seen_claim, created_by, created_at)
SELECT s.id, s.chat_id, s.thread_id, s.cadence, s.zone, s.local_minute, s.weekday, s.active, s.covered_until, s.next_at,
  coalesce((SELECT max(d.last_event) FROM digests d WHERE d.subscription_id = s.id),
           (SELECT max(a.id) FROM audit a WHERE a.at < s.covered_until), 0),
  coalesce((SELECT max(c.id) FROM claims c WHERE c.created_at < s.covered_until AND c.id > 0), 0),
  s.created_by, s.created_at
FROM kept s;
DROP TABLE kept;
CREATE INDEX subscriptions_due ON subscriptions (next_at) WHERE active = 1 AND paused = 0;
CREATE INDEX subscriptions_of_chat ON subscriptions (chat_id) WHERE active = 1;
ALTER TABLE digests ADD COLUMN last_claim INTEGER NOT NULL DEFAULT 0;
UPDATE digests SET last_claim =
  coalesce((SELECT max(c.id) FROM claims c WHERE c.created_at < digests.period_end AND c.id > 0), 0);
CREATE INDEX audit_by_action ON audit (action, id);
DROP INDEX verdicts_by_publication;
