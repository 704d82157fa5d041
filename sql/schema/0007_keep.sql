-- Keeping and letting go: old deliveries leave by the day, those that an incident cites stay, and the backups that may
-- still hold what was redacted are known by name (src/store/keep.h).

-- A segment of the inbox whose bodies may leave; the event at pos says so. Rows are inserted, never changed.
CREATE TABLE inbox_expiry (
    to_id INTEGER PRIMARY KEY,           -- the last inbox row of the segment
    from_id INTEGER NOT NULL,            -- the first one
    pos INTEGER NOT NULL REFERENCES event (pos) -- of the event "inbox.expired"
) STRICT;

-- Deliveries that told an incident of one of its alerts: their bodies do not expire.
CREATE TABLE inbox_cite (
    id INTEGER NOT NULL REFERENCES inbox (id), -- of the delivery
    incident INTEGER NOT NULL,           -- its number
    PRIMARY KEY (id, incident)
) STRICT, WITHOUT ROWID;

-- Backups that were made, to be named when something in them is redacted.
CREATE TABLE backup (
    name TEXT PRIMARY KEY,               -- path of the file, "-" = standard output
    at_ms INTEGER NOT NULL,              -- ms since 1970 UTC
    pos INTEGER NOT NULL,                -- of the last event in it; 0 = none
    inbox_id INTEGER NOT NULL            -- of the last delivery in it; 0 = none
) STRICT, WITHOUT ROWID;

CREATE TRIGGER inbox_expiry_needs_event BEFORE INSERT ON inbox_expiry
WHEN NOT EXISTS (SELECT 1 FROM event WHERE pos = NEW.pos AND type = 'inbox.expired')
BEGIN SELECT RAISE(ABORT, 'an expiry needs the event that says so'); END;
CREATE TRIGGER inbox_expiry_no_update BEFORE UPDATE ON inbox_expiry
BEGIN SELECT RAISE(ABORT, 'an expiry does not change'); END;
CREATE TRIGGER inbox_expiry_no_delete BEFORE DELETE ON inbox_expiry
BEGIN SELECT RAISE(ABORT, 'an expiry is not undone'); END;
CREATE TRIGGER inbox_cite_no_update BEFORE UPDATE ON inbox_cite
BEGIN SELECT RAISE(ABORT, 'a citation does not change'); END;
CREATE TRIGGER inbox_cite_no_delete BEFORE DELETE ON inbox_cite
BEGIN SELECT RAISE(ABORT, 'a citation is not taken back'); END;

DROP TRIGGER inbox_body_no_delete;
CREATE TRIGGER inbox_body_no_delete BEFORE DELETE ON inbox_body
WHEN NOT EXISTS (SELECT 1 FROM redaction WHERE kind = 'inbox' AND target = CAST(OLD.id AS TEXT))
 AND (EXISTS (SELECT 1 FROM inbox_cite WHERE id = OLD.id)
      OR NOT EXISTS (SELECT 1 FROM inbox_expiry WHERE to_id >= OLD.id AND from_id <= OLD.id))
BEGIN SELECT RAISE(ABORT, 'a delivery leaves only by expiry or redaction'); END;

DROP TRIGGER redaction_needs_event;
CREATE TRIGGER redaction_needs_event BEFORE INSERT ON redaction
WHEN NOT EXISTS (SELECT 1 FROM event WHERE pos = NEW.pos AND type = 'body.redacted')
BEGIN SELECT RAISE(ABORT, 'a redaction needs the event that says so'); END;
