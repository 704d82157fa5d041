-- The ledger: src/store/ledger.c and verify.c.

-- name: ledger_append
INSERT INTO event (stream, seq, recorded_ms, happened_ms, actor, type, version, body_hash, hash)
VALUES (:stream, :seq, :recorded_ms, :happened_ms, :actor, :type, :version, :body_hash, :hash)
RETURNING pos;

-- name: ledger_append_body
INSERT INTO event_body (pos, salt, body) VALUES (:pos, :salt, :body);

-- name: ledger_cite_blob
INSERT OR IGNORE INTO blob_cite (hash, pos) VALUES (:hash, :pos);

-- name: ledger_head
SELECT pos, hash FROM event ORDER BY pos DESC LIMIT 1;

-- name: ledger_last_seq
SELECT coalesce(max(seq), 0) AS seq FROM event WHERE stream = :stream;

-- name: ledger_ends
SELECT coalesce((SELECT max(stream) FROM event), 0) AS highest, min(0, coalesce((SELECT min(stream) FROM event), 0)) AS lowest;

-- name: ledger_read_stream
-- rest: what a redaction left of the body
SELECT e.pos, e.stream, e.seq, e.recorded_ms, e.happened_ms, e.actor, e.type, e.version, b.body,
       CASE WHEN b.pos IS NULL THEN (SELECT json_extract(w.body, '$.rest') FROM redaction r JOIN event_body w ON w.pos = r.pos
           WHERE r.kind = 'event' AND r.target = CAST(e.pos AS TEXT)) END AS rest
FROM event e LEFT JOIN event_body b ON b.pos = e.pos
WHERE e.stream = :stream AND e.seq > :after ORDER BY e.seq LIMIT :limit;

-- name: ledger_read_all
SELECT e.pos, e.stream, e.seq, e.recorded_ms, e.happened_ms, e.actor, e.type, e.version, b.body,
       CASE WHEN b.pos IS NULL THEN (SELECT json_extract(w.body, '$.rest') FROM redaction r JOIN event_body w ON w.pos = r.pos
           WHERE r.kind = 'event' AND r.target = CAST(e.pos AS TEXT)) END AS rest
FROM event e LEFT JOIN event_body b ON b.pos = e.pos
WHERE e.pos > :after ORDER BY e.pos LIMIT :limit;

-- name: ledger_streams
SELECT DISTINCT stream FROM event ORDER BY stream;

-- name: ledger_proof
-- Everything that the hash of an event is made of; redacted_by: the event that says where the body went.
SELECT e.pos, e.stream, e.seq, e.recorded_ms, e.happened_ms, e.actor, e.type, e.version, e.body_hash, e.hash,
       b.salt, b.body,
       CASE WHEN b.pos IS NULL THEN (SELECT r.pos FROM redaction r JOIN event w ON w.pos = r.pos
           JOIN event_body wb ON wb.pos = w.pos
           WHERE r.kind = 'event' AND r.target = CAST(e.pos AS TEXT) AND w.type = 'body.redacted'
           AND json_extract(wb.body, '$.kind') = r.kind AND json_extract(wb.body, '$.target') = r.target)
       END AS redacted_by
FROM event e
LEFT JOIN event_body b ON b.pos = e.pos
ORDER BY e.pos;

-- name: ledger_gap
-- The first stream whose seqs are not 1, 2, 3, ...
SELECT stream, max(pos) AS pos FROM event GROUP BY stream
HAVING min(seq) <> 1 OR max(seq) <> count(*) ORDER BY stream LIMIT 1;

-- name: ledger_naming
-- Entries of incidents that keep what a change is called: rankings with it, and causes that it is.
SELECT e.stream, e.seq FROM event e JOIN event_body b ON b.pos = e.pos
WHERE (e.type = 'suspects.ranked' AND EXISTS (
        SELECT 1 FROM json_each(b.body, '$.suspects') s WHERE json_extract(s.value, '$.change') = :change))
   OR (e.type = 'cause.named' AND json_extract(b.body, '$.change') = :change)
ORDER BY e.pos;

-- name: redaction_add
INSERT INTO redaction (kind, target, pos) VALUES (:kind, :target, :pos);

-- name: ledger_redact
DELETE FROM event_body WHERE pos = :pos;
