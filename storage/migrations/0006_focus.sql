-- People are asked for more texts than those of a review; `detail` names what the text is about, if the claim does not.
ALTER TABLE focuses RENAME TO focuses_before;
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
INSERT INTO focuses (person_id, claim_id, awaiting, rating, since)
SELECT person_id, claim_id, awaiting, rating, since FROM focuses_before;
DROP TABLE focuses_before;
CREATE INDEX focuses_by_claim ON focuses (claim_id);
