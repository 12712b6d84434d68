-- Two claims that an editor took apart after a merge are not the same: their likeness is no longer suggested.
ALTER TABLE matches ADD COLUMN apart INTEGER NOT NULL DEFAULT 0 CHECK (apart IN (0, 1));
