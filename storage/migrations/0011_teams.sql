-- Membership: who is suspended keeps the role to come back to, and is public as long as that lasts.

ALTER TABLE people ADD COLUMN suspended_role TEXT
  CHECK (suspended_role IS NULL OR (suspended_role IN ('reviewer', 'editor', 'admin') AND role = 'public'));

-- The number of the pseudonym under which the reviews of somebody who left are shown.
ALTER TABLE people ADD COLUMN alias INTEGER CHECK (alias IS NULL OR alias > 0);

CREATE UNIQUE INDEX people_by_alias ON people (alias) WHERE alias IS NOT NULL;

CREATE INDEX people_suspended ON people (id) WHERE suspended_role IS NOT NULL;
