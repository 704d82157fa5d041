-- Keeping and letting go: src/store/retention.c, redact.c, backup.c.

-- name: inbox_cite
INSERT OR IGNORE INTO inbox_cite (id, incident) SELECT id, :incident FROM inbox WHERE id = :id;

-- name: inbox_segment_first
-- The first row behind the last segment.
SELECT id, received_ms FROM inbox WHERE id > (SELECT coalesce(max(to_id), 0) FROM inbox_expiry) ORDER BY id LIMIT 1;

-- name: inbox_segment_end
-- The last row before one of a later day.
SELECT coalesce((SELECT min(id) - 1 FROM inbox WHERE id > :from_id AND received_ms >= :end_ms),
                (SELECT max(id) FROM inbox)) AS to_id;

-- name: inbox_segment_count
SELECT count(*) AS rows, coalesce(sum(EXISTS (SELECT 1 FROM inbox_cite c WHERE c.id = b.id)), 0) AS kept
FROM inbox_body b WHERE b.id BETWEEN :from_id AND :to_id;

-- name: inbox_expiry_add
INSERT INTO inbox_expiry (to_id, from_id, pos) VALUES (:to_id, :from_id, :pos);

-- name: inbox_expiry_step
-- Of the newest segment: the ones before it are done.
DELETE FROM inbox_body WHERE id IN (
    SELECT b.id FROM (SELECT from_id, to_id FROM inbox_expiry ORDER BY to_id DESC LIMIT 1) x
    JOIN inbox_body b ON b.id BETWEEN x.from_id AND x.to_id
    WHERE NOT EXISTS (SELECT 1 FROM inbox_cite c WHERE c.id = b.id) LIMIT :limit);

-- name: inbox_redact
DELETE FROM inbox_body WHERE id = :id;

-- name: blob_redact
DELETE FROM blob WHERE hash = :hash;

-- name: blob_redacted
SELECT target FROM redaction WHERE kind = 'blob';

-- name: blob_first_cite
-- pos NULL = no event cites it
SELECT b.at_ms, (SELECT min(pos) FROM blob_cite c WHERE c.hash = b.hash) AS pos FROM blob b WHERE b.hash = :hash;

-- name: blob_files
-- Files that belong to the rows of a copy.
SELECT b.hash, b.size, EXISTS (SELECT 1 FROM blob_cite c WHERE c.hash = b.hash) AS is_cited FROM blob b
WHERE NOT EXISTS (SELECT 1 FROM redaction r WHERE r.kind = 'blob' AND r.target = b.hash) ORDER BY b.hash;

-- name: request_blank
UPDATE request SET said = '' WHERE stream = :stream AND seq >= :seq;

-- name: backup_add
INSERT INTO backup (name, at_ms, pos, inbox_id) VALUES (:name, :at_ms, :pos, :inbox_id)
ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms, pos = excluded.pos, inbox_id = excluded.inbox_id;

-- name: backup_last
SELECT name, at_ms FROM backup ORDER BY at_ms DESC, name LIMIT 1;

-- name: backup_with
SELECT name, at_ms FROM backup WHERE pos >= :pos AND inbox_id >= :inbox_id AND at_ms >= :at_ms ORDER BY at_ms, name;

-- name: redaction_behind
SELECT EXISTS (SELECT 1 FROM redaction WHERE pos > :pos) AS is_any;

-- name: keep_secure_on
PRAGMA secure_delete = ON;

-- name: keep_secure_off
PRAGMA secure_delete = OFF;

-- name: keep_vacuum
VACUUM;

-- name: copy_open
-- Run whole, each statement in turn.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
