-- Sources that are copies of one report carry the number of that origin: the id of the source they were marked the same
-- as. A protected source is named to nobody but its reviewer; everybody else reads its description.
ALTER TABLE sources ADD COLUMN origin INTEGER;
ALTER TABLE sources ADD COLUMN protected INTEGER NOT NULL DEFAULT 0 CHECK (protected IN (0, 1));
ALTER TABLE sources ADD COLUMN description TEXT CHECK (description IS NULL OR protected = 1);

-- A photo or document that somebody sent stays with Telegram, which gives it again by its id. The unique id is the same
-- however often a file is sent.
ALTER TABLE sources ADD COLUMN file_kind TEXT CHECK (file_kind IN ('photo', 'document'));
ALTER TABLE sources ADD COLUMN file_id TEXT CHECK ((file_id IS NULL) = (file_kind IS NULL));
ALTER TABLE sources ADD COLUMN file_unique_id TEXT CHECK ((file_unique_id IS NULL) = (file_kind IS NULL));

-- Of a protected source a verdict holds the description alone, as its title.
ALTER TABLE verdict_sources ADD COLUMN protected INTEGER NOT NULL DEFAULT 0
  CHECK (protected = 0 OR (protected = 1 AND url IS NULL AND archived_url IS NULL));
