-- Proofs that a service can be taken back: src/store/view_rollback.c.

-- name: rollback_drop
DELETE FROM v_rollback WHERE change = :change AND incident = :incident;

-- name: rollback_add
INSERT OR REPLACE INTO v_rollback (service, how, at_ms, took_ms, what, change, incident, mitigation)
VALUES (:service, :how, :at, :took, :what, :change, :incident, :mitigation);

-- name: rollback_last
SELECT service, how, at_ms AS at, took_ms AS took, what, change, incident, mitigation
FROM v_rollback WHERE service = :service ORDER BY at_ms DESC, change DESC, incident DESC, mitigation DESC LIMIT 1;

-- name: rollback_all
SELECT service, how, MAX(at_ms) AS at, took_ms AS took, what, change, incident, mitigation
FROM v_rollback GROUP BY service ORDER BY service LIMIT :limit;

-- name: view_clear_rollbacks
DELETE FROM v_rollback;

-- name: view_dump_rollbacks
SELECT * FROM v_rollback ORDER BY change, incident, mitigation, service;
