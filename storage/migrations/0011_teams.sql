-- Membership: who is suspended keeps the role to come back to, and is public as long as that lasts.

ALTER TABLE people ADD COLUMN suspended_role TEXT
  CHECK (suspended_role IS NULL OR (suspended_role IN ('reviewer', 'editor', 'admin') AND role = 'public'));

-- The number of the pseudonym under which the reviews of somebody who left are shown.
ALTER TABLE people ADD COLUMN alias INTEGER CHECK (alias IS NULL OR alias > 0);

CREATE UNIQUE INDEX people_by_alias ON people (alias) WHERE alias IS NOT NULL;

CREATE INDEX people_suspended ON people (id) WHERE suspended_role IS NOT NULL;

-- Quiet hours in minutes since midnight of the person's zone; and when their next daily summary is due.
ALTER TABLE people ADD COLUMN quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 1439);

ALTER TABLE people ADD COLUMN quiet_until INTEGER
  CHECK (quiet_until IS NULL OR (quiet_until BETWEEN 0 AND 1439 AND quiet_from IS NOT NULL AND quiet_until <> quiet_from));

ALTER TABLE people ADD COLUMN summary_at TEXT;

CREATE INDEX people_summarised ON people (summary_at) WHERE summary_at IS NOT NULL;

-- What somebody does not want to be told at once.
CREATE TABLE wishes (
  person_id INTEGER NOT NULL REFERENCES people (id),
  subject TEXT NOT NULL CHECK (subject IN ('offers', 'reminders', 'decisions', 'corrections', 'team')),
  manner TEXT NOT NULL CHECK (manner IN ('at_once', 'daily', 'never')),
  PRIMARY KEY (person_id, subject)
) STRICT, WITHOUT ROWID;

-- What waits for somebody's daily summary. What has a key is told once, ever.
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

CREATE INDEX summary_news_untold ON summary_news (person_id, id) WHERE told_at IS NULL;

CREATE INDEX summary_news_told ON summary_news (told_at) WHERE told_at IS NOT NULL;

-- Where the team works together: one room of each kind, a group or a topic in one.
CREATE TABLE rooms (
  kind TEXT PRIMARY KEY CHECK (kind IN ('review', 'disputes')),
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  thread_id INTEGER,
  set_by INTEGER REFERENCES people (id),
  set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The claims that have a card in a room, and what it was last told to show.
CREATE TABLE room_cards (
  kind TEXT NOT NULL REFERENCES rooms (kind) ON DELETE CASCADE,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  shown TEXT NOT NULL,
  PRIMARY KEY (kind, claim_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX room_cards_by_claim ON room_cards (claim_id);
