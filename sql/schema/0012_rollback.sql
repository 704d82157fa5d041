-- Proofs that a service can be taken back to an older state. Each row follows from a change or from an incident
-- (src/core/readiness.c, src/store/view_rollback.c).
CREATE TABLE v_rollback (
    service TEXT NOT NULL,               -- which was taken back
    how TEXT NOT NULL,                   -- "rollback", "undone", "mitigation"
    at_ms INTEGER NOT NULL,              -- when it was back, ms since 1970 UTC
    took_ms INTEGER NOT NULL,            -- how long that took, ms; 0 = not known
    what TEXT NOT NULL,                  -- what was done
    change INTEGER NOT NULL,             -- the change's number; 0 = an incident proves it
    incident INTEGER NOT NULL,           -- the incident's number; 0 = a change proves it
    mitigation INTEGER NOT NULL,         -- its number in the incident; 0 = a change proves it
    PRIMARY KEY (change, incident, mitigation, service)
) STRICT, WITHOUT ROWID;
CREATE INDEX v_rollback_by_service ON v_rollback (service, at_ms);
