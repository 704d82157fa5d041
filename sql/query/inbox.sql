-- The inbox and the snapshot of the desk: src/store/inbox.c, snapshot.c.

-- name: inbox_append
INSERT INTO inbox (received_ms, source, status, reason, bytes, body_hash, hash)
VALUES (:received_ms, :source, :status, :reason, :bytes, :body_hash, :hash)
RETURNING id;

-- name: inbox_append_body
INSERT INTO inbox_body (id, salt, packed) VALUES (:id, :salt, :packed);

-- name: inbox_head
SELECT id, hash FROM inbox ORDER BY id DESC LIMIT 1;

-- name: inbox_each
-- redacted_by: the event that says where the body went
SELECT i.id, i.received_ms, i.source, i.status, i.reason, i.bytes, i.body_hash, i.hash, b.salt, b.packed,
       r.pos AS redacted_by
FROM inbox i
LEFT JOIN inbox_body b ON b.id = i.id
LEFT JOIN redaction r ON r.kind = 'inbox' AND r.target = CAST(i.id AS TEXT)
WHERE i.id > :after ORDER BY i.id;

-- name: inbox_get
SELECT i.id, i.received_ms, i.source, i.status, i.reason, i.bytes, i.body_hash, i.hash, b.salt, b.packed
FROM inbox i LEFT JOIN inbox_body b ON b.id = i.id
WHERE i.id = :id;

-- name: inbox_expire
DELETE FROM inbox_body WHERE id = :id;

-- name: snapshot_put
INSERT INTO desk_shard (shard, inbox_id) VALUES (:shard, :inbox_id)
ON CONFLICT (shard) DO UPDATE SET inbox_id = excluded.inbox_id;

-- name: snapshot_put_body
INSERT INTO desk_shard_body (shard, packed) VALUES (:shard, :packed)
ON CONFLICT (shard) DO UPDATE SET packed = excluded.packed;

-- name: snapshot_each
SELECT s.shard, s.inbox_id, b.packed FROM desk_shard s JOIN desk_shard_body b ON b.shard = s.shard ORDER BY s.shard;
