-- The inbox and the snapshot of the desk: src/store/inbox.c, snapshot.c.

-- name: inbox_append
INSERT INTO inbox (id, received_ms, source, status, reason, bytes, body_hash, of_packed, hash)
VALUES (:id, :received_ms, :source, :status, :reason, :bytes, :body_hash, 1, :hash);

-- name: inbox_append_body
INSERT INTO inbox_body (id, salt, packed) VALUES (:id, :salt, :packed);

-- name: inbox_head
SELECT id, hash FROM inbox ORDER BY id DESC LIMIT 1;

-- name: inbox_each
-- redacted_by, expired_by: the event that says where the body went
SELECT i.id, i.received_ms, i.source, i.status, i.reason, i.bytes, i.body_hash, i.of_packed, i.hash, b.salt, b.packed,
       CASE WHEN b.id IS NULL THEN (SELECT r.pos FROM redaction r JOIN event w ON w.pos = r.pos
           JOIN event_body wb ON wb.pos = w.pos
           WHERE r.kind = 'inbox' AND r.target = CAST(i.id AS TEXT) AND w.type = 'body.redacted'
           AND json_extract(wb.body, '$.kind') = r.kind AND json_extract(wb.body, '$.target') = r.target)
       END AS redacted_by,
       CASE WHEN b.id IS NULL THEN (SELECT x.pos FROM inbox_expiry x JOIN event w ON w.pos = x.pos
           JOIN event_body wb ON wb.pos = w.pos
           WHERE x.to_id >= i.id AND x.from_id <= i.id AND w.type = 'inbox.expired'
           AND json_extract(wb.body, '$.from_id') = x.from_id AND json_extract(wb.body, '$.to_id') = x.to_id)
       END AS expired_by
FROM inbox i
LEFT JOIN inbox_body b ON b.id = i.id
WHERE i.id > :after ORDER BY i.id;

-- name: inbox_get
SELECT i.id, i.received_ms, i.source, i.status, i.reason, i.bytes, i.body_hash, i.of_packed, i.hash, b.salt, b.packed
FROM inbox i LEFT JOIN inbox_body b ON b.id = i.id
WHERE i.id = :id;

-- name: snapshot_put
INSERT INTO desk_shard (shard, inbox_id) VALUES (:shard, :inbox_id)
ON CONFLICT (shard) DO UPDATE SET inbox_id = excluded.inbox_id;

-- name: snapshot_put_body
INSERT INTO desk_shard_body (shard, packed) VALUES (:shard, :packed)
ON CONFLICT (shard) DO UPDATE SET packed = excluded.packed;

-- name: snapshot_each
SELECT s.shard, s.inbox_id, b.packed FROM desk_shard s JOIN desk_shard_body b ON b.shard = s.shard ORDER BY s.shard;
