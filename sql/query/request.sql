-- Idempotency, deadlines and settings: src/store/request.c, deadline.c, setting.c.

-- name: request_find
SELECT key, actor, fingerprint, stream, seq, pos, made, said, created_ms AS created
FROM request WHERE actor = :actor AND key = :key AND created_ms > :since_ms;

-- name: request_keep
INSERT OR REPLACE INTO request (actor, key, fingerprint, stream, seq, pos, made, said, created_ms)
VALUES (:actor, :key, :fingerprint, :stream, :seq, :pos, :made, :said, :created);

-- name: request_sweep
DELETE FROM request WHERE created_ms <= :since_ms;

-- name: deadline_set
INSERT INTO deadline (stream, due_ms) VALUES (:stream, :due_ms)
ON CONFLICT (stream) DO UPDATE SET due_ms = excluded.due_ms;

-- name: deadline_remove
DELETE FROM deadline WHERE stream = :stream;

-- name: deadline_clear
DELETE FROM deadline;

-- name: deadline_next
SELECT min(due_ms) AS due_ms FROM deadline;

-- name: deadline_due
SELECT stream, due_ms FROM deadline WHERE due_ms <= :now_ms ORDER BY due_ms, stream;

-- name: setting_get
SELECT value FROM setting WHERE key = :key;

-- name: setting_set
INSERT INTO setting (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: setting_remove
DELETE FROM setting WHERE key = :key;
