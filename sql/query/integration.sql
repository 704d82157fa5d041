-- Keys of integrations, and how much each sender delivered: src/store/integration_key.c, inbox_count.c.

-- name: integration_key_put
INSERT INTO integration_key (name, hash, made_ms, used_ms) VALUES (:name, :hash, :made_ms, 0)
ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, made_ms = excluded.made_ms, used_ms = 0;

-- name: integration_key_find
SELECT name, made_ms AS made, used_ms AS used FROM integration_key WHERE hash = :hash;

-- name: integration_key_list
SELECT name, made_ms AS made, used_ms AS used FROM integration_key ORDER BY name;

-- name: integration_key_touch
UPDATE integration_key SET used_ms = :used_ms WHERE name = :name;

-- name: integration_key_remove
DELETE FROM integration_key WHERE name = :name;

-- name: inbox_count
-- The rows behind :after by sender and hour; no body is read.
SELECT source, received_ms / 3600000 AS hour, count(*) AS count, sum(status = 'rejected') AS rejected,
       max(id) AS last_id, max(received_ms) AS last_ms
FROM inbox WHERE id > :after GROUP BY source, hour ORDER BY source, hour;

-- name: inbox_last_rejected
SELECT id FROM inbox WHERE status = 'rejected' AND source = :source ORDER BY id DESC LIMIT 1;

-- name: integration_secret_put
INSERT INTO integration_secret (name, secret) VALUES (:name, :secret)
ON CONFLICT (name) DO UPDATE SET secret = excluded.secret;

-- name: integration_secret_get
SELECT s.secret, k.used_ms FROM integration_secret s JOIN integration_key k ON k.name = s.name WHERE s.name = :name;

-- name: integration_secret_remove
DELETE FROM integration_secret WHERE name = :name;
