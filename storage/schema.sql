-- Made by `python -m storage.migrate`; a test keeps it equal to the migrations.

CREATE TABLE answers (
  person_id INTEGER NOT NULL REFERENCES people (id),
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  answered_at TEXT NOT NULL,
  PRIMARY KEY (person_id, verdict_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE appearances (
  document_id INTEGER NOT NULL REFERENCES documents (id),
  position INTEGER NOT NULL,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  quote TEXT NOT NULL,
  PRIMARY KEY (document_id, position)
) STRICT;

CREATE INDEX appearances_by_claim ON appearances (claim_id);

CREATE TABLE assignments (
  id INTEGER PRIMARY KEY,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  person_id INTEGER NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('offered', 'taken', 'done', 'passed', 'expired', 'recused', 'withdrawn')),
  offered_at TEXT NOT NULL,
  taken_at TEXT,
  expires_at TEXT NOT NULL,
  ended_at TEXT,
  CHECK ((state IN ('offered', 'taken')) = (ended_at IS NULL)),
  CHECK (state NOT IN ('taken', 'done') OR taken_at IS NOT NULL)
) STRICT;

CREATE INDEX assignments_by_claim ON assignments (claim_id, person_id, id);

CREATE INDEX assignments_by_person ON assignments (person_id, id);

CREATE INDEX assignments_live_by_expiry ON assignments (expires_at) WHERE state IN ('offered', 'taken');

CREATE INDEX assignments_live_by_person ON assignments (person_id) WHERE state IN ('offered', 'taken');

CREATE INDEX assignments_of_practice ON assignments (person_id, id) WHERE claim_id < 0;

CREATE UNIQUE INDEX assignments_one_live ON assignments (claim_id, person_id) WHERE state IN ('offered', 'taken');

CREATE UNIQUE INDEX assignments_one_practice ON assignments (person_id)
  WHERE claim_id < 0 AND state IN ('offered', 'taken');

CREATE TRIGGER milestone_taken AFTER UPDATE OF taken_at ON assignments WHEN NEW.taken_at IS NOT NULL
BEGIN
  UPDATE milestones SET taken_at = (julianday(NEW.taken_at) - 2440587.5) * 86400.0
  WHERE claim_id = NEW.claim_id AND taken_at IS NULL;
END;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor INTEGER,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  data TEXT NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE INDEX audit_by_action ON audit (action, id);

CREATE INDEX audit_by_subject ON audit (subject, subject_id, id);

CREATE INDEX audit_by_time ON audit (at);

CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit entries are never deleted');
END;

CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit entries are never changed');
END;

CREATE TABLE chats (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('private', 'group', 'supergroup', 'channel')),
  title TEXT NOT NULL,
  language TEXT,
  is_team INTEGER NOT NULL DEFAULT 0 CHECK (is_team IN (0, 1)),
  publishes INTEGER NOT NULL DEFAULT 0 CHECK (publishes IN (0, 1)),
  present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
  added_by INTEGER REFERENCES people (id),
  added_at TEXT NOT NULL
, username TEXT CHECK (username <> '')) STRICT;

CREATE INDEX chats_publishing ON chats (id) WHERE publishes = 1;

CREATE VIRTUAL TABLE claim_stems USING fts5 (
  text, about, content = '',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mc Mn'"
);

CREATE TABLE claim_tags (
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  tag TEXT NOT NULL CHECK (tag <> ''),
  PRIMARY KEY (tag, claim_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_tags_by_claim ON claim_tags (claim_id);

CREATE TABLE claim_vectors (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  vector BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE claim_words USING fts5 (
  words, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mc Mn'"
);

CREATE TABLE claims (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES documents (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  quote TEXT NOT NULL,
  text TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  language TEXT NOT NULL,
  worth REAL CHECK (worth IS NULL OR worth BETWEEN 0 AND 1),
  severity TEXT NOT NULL DEFAULT 'normal' CHECK (severity IN ('low', 'normal', 'high', 'critical')),
  state TEXT NOT NULL CHECK (state IN ('new', 'triage', 'queued', 'in_review', 'agreed', 'disputed', 'approved',
                                       'published', 'retracted', 'closed', 'duplicate')),
  revision INTEGER NOT NULL DEFAULT 0,
  closing_reason TEXT CHECK (closing_reason IN ('opinion', 'spam', 'out_of_scope', 'unsupported_language',
                                                'no_longer_relevant')),
  duplicate_of INTEGER REFERENCES claims (id),
  created_at TEXT NOT NULL,
  state_at TEXT NOT NULL, practice INTEGER NOT NULL DEFAULT 0
  CHECK (practice = (id < 0)) CHECK (practice = 0 OR state = 'new'), asked INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0), waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0), owed_since TEXT NOT NULL DEFAULT '',
  CHECK ((state = 'closed') = (closing_reason IS NOT NULL)),
  CHECK ((state = 'duplicate') = (duplicate_of IS NOT NULL)),
  CHECK (duplicate_of IS NULL OR duplicate_of <> id)
) STRICT;

CREATE INDEX claims_by_creation ON claims (created_at);

CREATE INDEX claims_by_document ON claims (document_id, position);

CREATE INDEX claims_by_duplicate ON claims (duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE INDEX claims_by_language ON claims (language);

CREATE INDEX claims_by_state ON claims (state, state_at);

CREATE INDEX claims_open ON claims (owed_since, state, severity, worth, asked, waiting)
WHERE state NOT IN ('published', 'retracted', 'closed', 'duplicate') AND practice = 0;

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

CREATE TABLE corrections (
  id INTEGER PRIMARY KEY,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  kind TEXT NOT NULL CHECK (kind IN ('correction', 'retraction')),
  state TEXT NOT NULL CHECK (state IN ('draft', 'proposed', 'released', 'dropped')),
  revision INTEGER NOT NULL DEFAULT 1,
  rating TEXT NOT NULL,
  summary TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (length(reason) > 0),
  proposed_by INTEGER NOT NULL REFERENCES people (id),
  created_at TEXT NOT NULL,
  decided_by INTEGER REFERENCES people (id),
  decided_at TEXT,
  CHECK ((decided_at IS NOT NULL) = (state IN ('released', 'dropped')))
) STRICT;

CREATE INDEX corrections_by_claim ON corrections (claim_id);

CREATE INDEX corrections_by_decision ON corrections (decided_at) WHERE state = 'released';

CREATE UNIQUE INDEX corrections_one_waiting ON corrections (claim_id) WHERE state = 'proposed';

CREATE TABLE dead_letters (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  update_id INTEGER,
  payload TEXT NOT NULL,
  error TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE desk_rule_acts (
  rule_id INTEGER NOT NULL REFERENCES desk_rules (id),
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  acted_at TEXT NOT NULL, to_assign INTEGER NOT NULL DEFAULT 0 CHECK (to_assign IN (0, 1)),
  PRIMARY KEY (rule_id, claim_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX desk_rule_acts_to_assign ON desk_rule_acts (rule_id, claim_id) WHERE to_assign = 1;

CREATE TABLE desk_rules (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL CHECK (text <> ''),
  state TEXT NOT NULL CHECK (state IN ('off', 'on', 'removed')),
  created_by INTEGER REFERENCES people (id),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE digests (
  id INTEGER PRIMARY KEY,
  subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  content TEXT NOT NULL,
  last_event INTEGER NOT NULL,
  made_at TEXT NOT NULL, last_claim INTEGER NOT NULL DEFAULT 0,
  UNIQUE (subscription_id, period_end),
  UNIQUE (subscription_id, period_start),
  CHECK (period_start < period_end)
) STRICT;

CREATE TABLE document_links (
  link TEXT NOT NULL CHECK (link <> ''),
  document_id INTEGER NOT NULL REFERENCES documents (id),
  PRIMARY KEY (link, document_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('article', 'message', 'feed', 'file', 'seed')),
  content_hash TEXT NOT NULL UNIQUE CHECK (length(content_hash) = 64),
  text TEXT NOT NULL,
  title TEXT,
  publisher TEXT,
  url TEXT,
  language TEXT NOT NULL,
  submitted_by INTEGER REFERENCES people (id),
  published_at TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX documents_by_submitter ON documents (submitted_by) WHERE submitted_by IS NOT NULL;

CREATE TABLE escalations (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  escalated_at TEXT NOT NULL
) STRICT;

CREATE TABLE feedback (
  person_id INTEGER NOT NULL REFERENCES people (id),
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  helped INTEGER NOT NULL CHECK (helped IN (0, 1)),
  given_at TEXT NOT NULL,
  PRIMARY KEY (person_id, verdict_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX feedback_by_verdict ON feedback (verdict_id, helped);

CREATE TABLE feeds (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  title TEXT,
  language TEXT,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  every_seconds INTEGER NOT NULL CHECK (every_seconds >= 60),
  next_at TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE fetches (
  unique_id TEXT PRIMARY KEY,
  file_id TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  retry_at TEXT NOT NULL,
  given_up TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX fetches_due ON fetches (retry_at) WHERE given_up IS NULL;

CREATE TABLE focuses (
  person_id INTEGER PRIMARY KEY REFERENCES people (id),
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  awaiting TEXT NOT NULL CHECK (awaiting IN ('rating', 'source', 'quote', 'archive', 'explanation', 'preview',
                                             'adjudication', 'summary', 'send_back', 'correction', 'retraction',
                                             'reword', 'new_evidence')),
  rating TEXT,
  detail TEXT,
  since TEXT NOT NULL,
  CHECK ((awaiting IN ('adjudication', 'correction')) = (rating IS NOT NULL))
) STRICT;

CREATE INDEX focuses_by_claim ON focuses (claim_id);

CREATE TABLE gram_counts (
  gram TEXT PRIMARY KEY,
  claims INTEGER NOT NULL CHECK (claims >= 0)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE idle_spells (
  person_id INTEGER PRIMARY KEY REFERENCES people (id),
  asked_at TEXT NOT NULL,
  left_at TEXT,
  invited_at TEXT,
  CHECK (invited_at IS NULL OR left_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE indexing (
  name TEXT PRIMARY KEY CHECK (name IN ('words', 'links', 'vectors')),
  version TEXT NOT NULL,
  upto INTEGER NOT NULL CHECK (upto >= 0)
) STRICT;

CREATE TABLE intros_asked (
  person_id INTEGER PRIMARY KEY REFERENCES people (id),
  subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  message_id INTEGER NOT NULL,
  since TEXT NOT NULL
) STRICT;

CREATE TABLE invites (
  id INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
  role TEXT NOT NULL CHECK (role IN ('reviewer', 'editor', 'admin')),
  created_by INTEGER REFERENCES people (id),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_by INTEGER REFERENCES people (id),
  used_at TEXT,
  CHECK ((used_by IS NULL) = (used_at IS NULL))
) STRICT;

CREATE TABLE job_runs (
  name TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  last_error TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
  assignment_id INTEGER PRIMARY KEY REFERENCES assignments (id),
  since TEXT NOT NULL,
  reminded_at TEXT,
  renewals INTEGER NOT NULL DEFAULT 0 CHECK (renewals >= 0)
) STRICT;

CREATE TABLE matches (
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  known_id INTEGER NOT NULL REFERENCES claims (id),
  level TEXT NOT NULL CHECK (level IN ('same', 'similar')),
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
  method TEXT NOT NULL CHECK (method IN ('words', 'meaning')),
  parts TEXT NOT NULL,
  found_at TEXT NOT NULL, apart INTEGER NOT NULL DEFAULT 0 CHECK (apart IN (0, 1)),
  PRIMARY KEY (claim_id, known_id),
  CHECK (claim_id <> known_id)
) STRICT;

CREATE INDEX matches_by_known ON matches (known_id);

CREATE TABLE merges (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  was TEXT NOT NULL CHECK (was IN ('new', 'triage', 'queued', 'in_review', 'agreed', 'disputed', 'approved',
                                   'published', 'retracted', 'closed', 'duplicate')),
  aside TEXT NOT NULL,
  merged_at TEXT NOT NULL
) STRICT;

CREATE TABLE migrations (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT;

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
, origins INTEGER) STRICT;

CREATE INDEX milestones_by_creation ON milestones (created_at);

CREATE INDEX milestones_by_decision ON milestones (decided_at) WHERE decided_at IS NOT NULL;

CREATE INDEX milestones_by_publication ON milestones (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE objections (
  id INTEGER PRIMARY KEY,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  person_id INTEGER NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'declined')),
  text TEXT NOT NULL CHECK (length(text) > 0),
  created_at TEXT NOT NULL,
  decided_by INTEGER REFERENCES people (id),
  decided_at TEXT,
  reason TEXT, file_kind TEXT CHECK (file_kind IN ('photo', 'document')), file_id TEXT CHECK ((file_id IS NULL) = (file_kind IS NULL)),
  CHECK ((state = 'waiting') = (decided_at IS NULL)),
  CHECK ((state = 'accepted') = (coalesce(length(reason), 0) > 0))
) STRICT;

CREATE INDEX objections_by_claim ON objections (claim_id);

CREATE UNIQUE INDEX objections_one_waiting ON objections (claim_id, person_id) WHERE state = 'waiting';

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id INTEGER NOT NULL,
  thread_id INTEGER,
  person_id INTEGER REFERENCES people (id),
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  card TEXT,
  reply_to INTEGER,
  dedup_key TEXT UNIQUE,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'dead', 'superseded')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at TEXT NOT NULL,
  retry_at TEXT NOT NULL CHECK (retry_at >= due_at),
  error TEXT,
  parts_sent INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  ended_at TEXT,
  CHECK ((state IN ('sent', 'dead', 'superseded')) = (ended_at IS NOT NULL))
) STRICT;

CREATE INDEX outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX outbox_live_by_chat ON outbox (chat_id, state, due_at, id) WHERE state IN ('queued', 'sending');

CREATE UNIQUE INDEX outbox_one_edit ON outbox (chat_id, card) WHERE state = 'queued' AND card IS NOT NULL;

CREATE INDEX outbox_retrying ON outbox (retry_at) WHERE state = 'queued';

CREATE INDEX outbox_waiting ON outbox (due_at, id) WHERE state = 'queued';

CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  telegram_id INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  username TEXT,
  language TEXT,
  role TEXT NOT NULL CHECK (role IN ('public', 'reviewer', 'editor', 'admin')),
  on_duty INTEGER NOT NULL DEFAULT 0 CHECK (on_duty IN (0, 1)),
  zone TEXT,
  reachable INTEGER NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
  joined_at TEXT NOT NULL,
  seen_at TEXT NOT NULL, suspended_role TEXT
  CHECK (suspended_role IS NULL OR (suspended_role IN ('reviewer', 'editor', 'admin') AND role = 'public')), alias INTEGER CHECK (alias IS NULL OR alias > 0), quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 1439), quiet_until INTEGER
  CHECK (quiet_until IS NULL OR (quiet_until BETWEEN 0 AND 1439 AND quiet_from IS NOT NULL AND quiet_until <> quiet_from)), summary_at TEXT,
  CHECK (on_duty = 0 OR role <> 'public')
) STRICT;

CREATE UNIQUE INDEX people_by_alias ON people (alias) WHERE alias IS NOT NULL;

CREATE INDEX people_by_name ON people (name);

CREATE INDEX people_by_username ON people (lower(username));

CREATE INDEX people_on_duty ON people (id) WHERE on_duty = 1 AND reachable = 1;

CREATE INDEX people_summarised ON people (summary_at) WHERE summary_at IS NOT NULL;

CREATE INDEX people_suspended ON people (id) WHERE suspended_role IS NOT NULL;

CREATE INDEX people_with_role ON people (id) WHERE role <> 'public';

CREATE TABLE practice_cases (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id) CHECK (claim_id < 0),
  rating TEXT NOT NULL CHECK (length(rating) BETWEEN 1 AND 32),
  summary TEXT NOT NULL,
  sources TEXT NOT NULL,
  decided_at TEXT NOT NULL
) STRICT;

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

CREATE TABLE publications (
  id INTEGER PRIMARY KEY,
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  chat_id INTEGER NOT NULL,
  message_id INTEGER,
  published_at TEXT NOT NULL,
  UNIQUE (verdict_id, chat_id)
) STRICT;

CREATE TABLE recusals (
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  person_id INTEGER NOT NULL REFERENCES people (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  recused_at TEXT NOT NULL,
  PRIMARY KEY (claim_id, person_id)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX requests_by_claim ON requests (claim_id, person_id);

CREATE INDEX requests_by_person ON requests (person_id, id);

CREATE INDEX requests_by_time ON requests (created_at, state);

CREATE UNIQUE INDEX requests_one_voice ON requests (claim_id, person_id) WHERE state <> 'withdrawn';

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

CREATE TABLE review_revisions (
  review_id INTEGER NOT NULL REFERENCES reviews (id),
  revision INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'withdrawn')),
  rating TEXT,
  explanation TEXT,
  sources TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (review_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  person_id INTEGER NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'withdrawn')),
  rating TEXT CHECK (rating IS NULL OR length(rating) BETWEEN 1 AND 32),
  explanation TEXT,
  revision INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  submitted_at TEXT,
  CHECK (state <> 'submitted' OR (rating IS NOT NULL AND explanation IS NOT NULL AND submitted_at IS NOT NULL))
) STRICT;

CREATE INDEX reviews_by_claim ON reviews (claim_id, submitted_at, id);

CREATE INDEX reviews_by_person ON reviews (person_id, id);

CREATE UNIQUE INDEX reviews_one_live ON reviews (claim_id, person_id) WHERE state IN ('draft', 'submitted');

CREATE TRIGGER milestone_reviewed AFTER UPDATE OF state, rating ON reviews
WHEN NEW.state = 'submitted' OR OLD.state = 'submitted'
BEGIN
  UPDATE milestones
  SET reviewed_at = coalesce(reviewed_at, (julianday(NEW.submitted_at) - 2440587.5) * 86400.0),
      ratings = coalesce((SELECT group_concat(rating, ' ') FROM (SELECT r.rating FROM reviews r
        WHERE r.claim_id = NEW.claim_id AND r.state = 'submitted' ORDER BY r.rating)), '')
  WHERE claim_id = NEW.claim_id;
END;

CREATE TABLE room_cards (
  kind TEXT NOT NULL REFERENCES rooms (kind) ON DELETE CASCADE,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  shown TEXT NOT NULL,
  PRIMARY KEY (kind, claim_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX room_cards_by_claim ON room_cards (claim_id);

CREATE TABLE rooms (
  kind TEXT PRIMARY KEY CHECK (kind IN ('review', 'disputes')),
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  thread_id INTEGER,
  set_by INTEGER REFERENCES people (id),
  set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sent_messages (
  chat_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  card TEXT,
  claim_id INTEGER REFERENCES claims (id),
  outbox_id INTEGER NOT NULL,
  sent_at TEXT NOT NULL,
  PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sent_messages_by_card ON sent_messages (chat_id, card) WHERE card IS NOT NULL;

CREATE INDEX sent_messages_by_outbox ON sent_messages (outbox_id);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  changed_by INTEGER REFERENCES people (id),
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  review_id INTEGER NOT NULL REFERENCES reviews (id),
  url TEXT,
  title TEXT,
  kind TEXT CHECK (kind IN ('primary', 'data', 'expert', 'news', 'factcheck', 'archive')),
  stance TEXT CHECK (stance IN ('supports', 'refutes', 'context')),
  quote TEXT,
  accessed_at TEXT NOT NULL,
  archived_url TEXT, origin INTEGER, protected INTEGER NOT NULL DEFAULT 0 CHECK (protected IN (0, 1)), description TEXT CHECK (description IS NULL OR protected = 1), file_kind TEXT CHECK (file_kind IN ('photo', 'document')), file_id TEXT CHECK ((file_id IS NULL) = (file_kind IS NULL)), file_unique_id TEXT CHECK ((file_unique_id IS NULL) = (file_kind IS NULL)), sha256 TEXT CHECK (sha256 IS NULL OR (file_kind IS NOT NULL AND length(sha256) = 64)), file_size INTEGER CHECK ((file_size IS NULL) = (sha256 IS NULL)),
  CHECK (url IS NOT NULL OR title IS NOT NULL)
) STRICT;

CREATE INDEX sources_by_file ON sources (file_unique_id) WHERE file_unique_id IS NOT NULL;

CREATE INDEX sources_by_review ON sources (review_id, id);

CREATE TABLE stem_counts (
  stem TEXT PRIMARY KEY,
  claims INTEGER NOT NULL CHECK (claims >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE submissions (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES people (id),
  chat_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('gathering', 'confirmed', 'discarded')),
  text TEXT NOT NULL,
  source TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE INDEX submissions_gathering ON submissions (person_id, updated_at) WHERE state = 'gathering';

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
  created_at TEXT NOT NULL, languages TEXT NOT NULL DEFAULT '[]', topics TEXT NOT NULL DEFAULT '[]', intro TEXT CHECK (intro <> ''), arranged TEXT NOT NULL DEFAULT '[]',
  CHECK ((cadence = 'cron') = (cron IS NOT NULL)),
  CHECK ((cadence = 'cron') = (local_minute IS NULL)),
  CHECK (CASE cadence WHEN 'weekly' THEN day BETWEEN 0 AND 6 AND day IS NOT NULL
                      WHEN 'monthly' THEN day BETWEEN 1 AND 31 AND day IS NOT NULL
                      ELSE day IS NULL END)
) STRICT;

CREATE INDEX subscriptions_due ON subscriptions (next_at) WHERE active = 1 AND paused = 0;

CREATE INDEX subscriptions_of_chat ON subscriptions (chat_id) WHERE active = 1;

CREATE TABLE summary_news (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  key TEXT,
  put_at TEXT NOT NULL,
  told_at TEXT
) STRICT;

CREATE UNIQUE INDEX summary_news_by_key ON summary_news (person_id, key) WHERE key IS NOT NULL;

CREATE INDEX summary_news_told ON summary_news (told_at) WHERE told_at IS NOT NULL;

CREATE INDEX summary_news_untold ON summary_news (person_id, id) WHERE told_at IS NULL;

CREATE TABLE triage_choices (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  chosen INTEGER NOT NULL CHECK (chosen IN (0, 1))
) STRICT;

CREATE TABLE triage_views (
  person_id INTEGER NOT NULL REFERENCES people (id),
  document_id INTEGER NOT NULL REFERENCES documents (id),
  first INTEGER NOT NULL CHECK (first >= 0),
  closing INTEGER NOT NULL CHECK (closing IN (0, 1)),
  PRIMARY KEY (person_id, document_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE updates (
  update_id INTEGER PRIMARY KEY,
  received_at TEXT NOT NULL
) STRICT;

CREATE TABLE verdict_sources (
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  position INTEGER NOT NULL,
  url TEXT,
  title TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('primary', 'data', 'expert', 'news', 'factcheck', 'archive')),
  stance TEXT NOT NULL CHECK (stance IN ('supports', 'refutes', 'context')),
  accessed_at TEXT NOT NULL,
  archived_url TEXT, protected INTEGER NOT NULL DEFAULT 0
  CHECK (protected = 0 OR (protected = 1 AND url IS NULL AND archived_url IS NULL)), quote TEXT CHECK (quote IS NULL OR protected = 0),
  PRIMARY KEY (verdict_id, position),
  CHECK (url IS NOT NULL OR title IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdicts (
  id INTEGER PRIMARY KEY,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  version INTEGER NOT NULL CHECK (version >= 1),
  rating TEXT NOT NULL,
  summary TEXT NOT NULL,
  summary_language TEXT NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('consensus', 'adjudicated')),
  reason TEXT,
  decided_by INTEGER REFERENCES people (id),
  decided_at TEXT NOT NULL,
  published_at TEXT, by_reviewer INTEGER NOT NULL DEFAULT 0 CHECK (by_reviewer IN (0, 1)),
  UNIQUE (claim_id, version),
  CHECK (method <> 'adjudicated' OR coalesce(length(reason), 0) > 0),
  CHECK (version = 1 OR coalesce(length(reason), 0) > 0)
) STRICT;

CREATE INDEX verdicts_by_decision ON verdicts (decided_at);

CREATE INDEX verdicts_by_rating ON verdicts (rating, claim_id) WHERE published_at IS NOT NULL;

CREATE INDEX verdicts_later ON verdicts (published_at) WHERE version > 1;

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
        (SELECT count(*) FROM verdict_sources s WHERE s.verdict_id = NEW.id AND s.archived_url IS NOT NULL),
      origins = (SELECT max(n) FROM (
        SELECT count(DISTINCT coalesce(s.origin, s.id)) AS n FROM reviews r JOIN sources s ON s.review_id = r.id
        WHERE r.claim_id = NEW.claim_id AND r.state = 'submitted' AND r.rating = NEW.rating GROUP BY r.id))
  WHERE claim_id = NEW.claim_id;
END;

CREATE TRIGGER milestone_undecided AFTER DELETE ON verdicts
BEGIN
  UPDATE milestones SET decided_at = NULL
  WHERE claim_id = OLD.claim_id AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.claim_id = OLD.claim_id);
END;

CREATE TABLE wishes (
  person_id INTEGER NOT NULL REFERENCES people (id),
  subject TEXT NOT NULL CHECK (subject IN ('offers', 'reminders', 'decisions', 'corrections', 'team')),
  manner TEXT NOT NULL CHECK (manner IN ('at_once', 'daily', 'never')),
  PRIMARY KEY (person_id, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE wordings (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  rating TEXT NOT NULL,
  summary TEXT NOT NULL CHECK (length(summary) > 0),
  written_by INTEGER NOT NULL REFERENCES people (id),
  written_at TEXT NOT NULL
) STRICT;
