-- Changes as rows: src/store/view_change.c.

-- name: view_change_put
INSERT OR REPLACE INTO v_change (number, key, title, service, kind, state, version, environment, who, began_ms, ended_ms,
    differs, link, undo, rollback, sender, by, recorded_ms)
VALUES (:number, :key, :title, :service, :kind, :state, :version, :environment, :who, :began, :ended,
    :differs, :link, :undo, :rollback, :sender, :by, :recorded);

-- name: view_changes
SELECT number, key, title, service, kind, state, version, environment, who, began_ms AS began, ended_ms AS ended, differs,
    link, undo, rollback, sender, by, recorded_ms AS recorded
FROM v_change
WHERE began_ms >= :since AND began_ms < :until AND number < :before AND (:service = '' OR service = :service)
    AND (:kind = '' OR kind = :kind)
ORDER BY began_ms DESC, number DESC LIMIT :limit;

-- name: view_change
SELECT number, key, title, service, kind, state, version, environment, who, began_ms AS began, ended_ms AS ended, differs,
    link, undo, rollback, sender, by, recorded_ms AS recorded
FROM v_change WHERE number = :number;

-- name: view_change_by_key
SELECT number FROM v_change WHERE key = :key AND key <> '' ORDER BY number LIMIT 1;

-- name: view_change_services
SELECT DISTINCT service FROM v_change WHERE began_ms >= :since AND service <> '' ORDER BY service LIMIT :limit;

-- name: view_clear_changes
DELETE FROM v_change;

-- name: view_dump_changes
SELECT * FROM v_change ORDER BY number;
