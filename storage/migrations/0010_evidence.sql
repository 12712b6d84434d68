-- Sources that are copies of one report carry the number of that origin: the id of the source they were marked the same
-- as. A protected source is named to nobody but its reviewer; everybody else reads its description.
ALTER TABLE sources ADD COLUMN origin INTEGER;
ALTER TABLE sources ADD COLUMN protected INTEGER NOT NULL DEFAULT 0 CHECK (protected IN (0, 1));
ALTER TABLE sources ADD COLUMN description TEXT CHECK (description IS NULL OR protected = 1);

-- Of a protected source a verdict holds the description alone, as its title.
ALTER TABLE verdict_sources ADD COLUMN protected INTEGER NOT NULL DEFAULT 0
  CHECK (protected = 0 OR (protected = 1 AND url IS NULL AND archived_url IS NULL));
