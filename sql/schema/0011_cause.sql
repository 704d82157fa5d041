-- What set an incident off, as people said when it was over: what the ranking of changes learns from. Follows from the ledger
-- (src/store/view_cause.c).
CREATE TABLE v_cause (
    incident INTEGER PRIMARY KEY,        -- its number
    change INTEGER NOT NULL,             -- the change's number; 0 = no change set it off
    named_ms INTEGER NOT NULL            -- when it was said, ms since 1970 UTC
) STRICT;
CREATE INDEX v_cause_by_change ON v_cause (change);
