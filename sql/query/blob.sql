-- Attachments: src/store/blob.c.

-- name: blob_note
INSERT OR IGNORE INTO blob (hash, size, type, at_ms) VALUES (:hash, :size, :type, :at);

-- name: blob_get
SELECT hash, size, type, at_ms AS at FROM blob WHERE hash = :hash;

-- name: blob_is_cited
SELECT 1 AS cited FROM blob_cite WHERE hash = :hash
    AND NOT EXISTS (SELECT 1 FROM redaction WHERE kind = 'blob' AND target = :hash) LIMIT 1;

-- name: blob_forget
DELETE FROM blob WHERE hash = :hash;

-- name: blob_proof
-- Those that have to be there (or to be gone: redacted_by); size in bytes, NULL where the row is missing.
SELECT c.hash, b.size,
       (SELECT r.pos FROM redaction r JOIN event w ON w.pos = r.pos JOIN event_body wb ON wb.pos = w.pos
        WHERE r.kind = 'blob' AND r.target = c.hash AND w.type = 'body.redacted'
        AND json_extract(wb.body, '$.kind') = r.kind AND json_extract(wb.body, '$.target') = r.target) AS redacted_by
FROM (SELECT DISTINCT hash FROM blob_cite) c
LEFT JOIN blob b ON b.hash = c.hash
ORDER BY c.hash;

-- name: blob_is_redacted
SELECT 1 AS redacted FROM redaction WHERE kind = 'blob' AND target = :hash;

-- name: blob_is_known
SELECT 1 AS known FROM blob WHERE hash = :hash;
