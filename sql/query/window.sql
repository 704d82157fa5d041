-- What a screen of changes shows of a window of time: src/store/view_window.c.

-- name: window_changes
SELECT number, key, title, service, kind, state, version, environment, who, began_ms AS began, ended_ms AS ended, differs,
    link, undo, rollback, sender, by, recorded_ms AS recorded
FROM v_change
WHERE began_ms >= :reach AND began_ms < :to AND (began_ms >= :from OR ended_ms = 0 OR ended_ms >= :from)
    AND (:services = '' OR instr(char(10) || :services || char(10), char(10) || service || char(10)) > 0)
    AND (:kind = '' OR kind = :kind) AND (:environment = '' OR environment = :environment)
    AND (:text = '' OR instr(lower(title || char(10) || service || char(10) || who || char(10) || version || char(10)
        || differs || char(10) || sender), lower(:text)) > 0)
    AND (:before = 0 OR (began_ms, number) < (SELECT began_ms, number FROM v_change WHERE number = :before))
ORDER BY began_ms DESC, number DESC LIMIT :limit;

-- name: window_count
SELECT count(*) AS n FROM v_change WHERE began_ms >= :from;

-- name: window_services
SELECT service FROM v_change WHERE service <> '' GROUP BY service ORDER BY max(began_ms) DESC LIMIT :limit;

-- name: window_environments
SELECT environment FROM v_change WHERE environment <> '' AND began_ms >= :from GROUP BY environment ORDER BY environment
LIMIT :limit;

-- name: window_incidents
SELECT id FROM v_incident
WHERE merged_into = 0 AND (CASE started_ms WHEN 0 THEN declared_ms ELSE started_ms END) < :to
    AND (is_open = 1 OR resolved_ms = 0 OR resolved_ms >= :from)
ORDER BY id DESC LIMIT :limit;
