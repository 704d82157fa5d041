-- What set incidents off: src/store/view_cause.c.

-- name: view_cause_drop
DELETE FROM v_cause WHERE incident = :incident;

-- name: view_cause_put
INSERT INTO v_cause (incident, change, named_ms) VALUES (:incident, :change, :named);

-- name: view_clear_causes
DELETE FROM v_cause;

-- name: view_dump_causes
SELECT * FROM v_cause ORDER BY incident;

-- name: view_cause_sums
SELECT coalesce(sum(change > 0), 0) AS changed, coalesce(sum(change = 0), 0) AS none FROM v_cause;

-- name: view_cause_changes
SELECT DISTINCT change FROM v_cause WHERE change > 0 ORDER BY change;

-- name: view_cause_services
SELECT c.service AS name, count(*) AS changes,
    coalesce(sum(EXISTS (SELECT 1 FROM v_cause k WHERE k.change = c.number)), 0) AS causes
FROM v_change c
WHERE c.began_ms >= :since AND c.service <> ''
GROUP BY c.service ORDER BY c.service;

-- name: view_cause_kinds
SELECT c.kind AS name, count(*) AS changes,
    coalesce(sum(EXISTS (SELECT 1 FROM v_cause k WHERE k.change = c.number)), 0) AS causes
FROM v_change c
WHERE c.began_ms >= :since
GROUP BY c.kind ORDER BY c.kind;
