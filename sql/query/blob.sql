-- Attachments: src/store/blob.c.

-- name: blob_note
INSERT OR IGNORE INTO blob (hash, size, type, at_ms) VALUES (:hash, :size, :type, :at);

-- name: blob_get
SELECT hash, size, type, at_ms AS at FROM blob WHERE hash = :hash;

-- name: blob_is_cited
SELECT 1 AS cited FROM blob_cite WHERE hash = :hash LIMIT 1;

-- name: blob_forget
DELETE FROM blob WHERE hash = :hash;

-- name: blob_proof
-- Those that have to be there; sizes in bytes.
SELECT b.hash, b.size, r.pos AS redacted_by
FROM blob b
LEFT JOIN redaction r ON r.kind = 'blob' AND r.target = b.hash
WHERE EXISTS (SELECT 1 FROM blob_cite c WHERE c.hash = b.hash)
ORDER BY b.hash;
