-- What a rule has done with a claim but for giving it to whom it names: they get one claim at a time.
ALTER TABLE desk_rule_acts ADD COLUMN to_assign INTEGER NOT NULL DEFAULT 0 CHECK (to_assign IN (0, 1));
CREATE INDEX desk_rule_acts_to_assign ON desk_rule_acts (rule_id, claim_id) WHERE to_assign = 1;
