-- In how many claims a term stands, which tells how much it says. The index itself can count only by walking through
-- every place of the term, which for a common one in a million claims takes longer than all the rest of a search.
DROP TABLE claim_stem_counts;

CREATE TABLE stem_counts (
  stem TEXT PRIMARY KEY,
  claims INTEGER NOT NULL CHECK (claims >= 0)
) STRICT, WITHOUT ROWID;

-- The same for runs of four characters inside words, of the claims' own texts.
CREATE TABLE gram_counts (
  gram TEXT PRIMARY KEY,
  claims INTEGER NOT NULL CHECK (claims >= 0)
) STRICT, WITHOUT ROWID;
