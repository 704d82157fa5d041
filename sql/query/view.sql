-- Rows that follow from the ledger: src/store/view.c, view_read.c.

-- name: view_drop_actions
DELETE FROM v_action WHERE incident = :incident;

-- name: view_drop_promises
DELETE FROM v_promise WHERE incident = :incident;

-- name: view_drop_alert_links
DELETE FROM v_alert_link WHERE incident = :incident;

-- name: view_clear_incidents
DELETE FROM v_incident;

-- name: view_clear_actions
DELETE FROM v_action;

-- name: view_clear_promises
DELETE FROM v_promise;

-- name: view_clear_alert_links
DELETE FROM v_alert_link;

-- name: view_put_incident
REPLACE INTO v_incident (id, seq, title, severity, phase, services, lead, communications, declared_by, started_ms,
    declared_ms, resolved_ms, closed_ms, promised_ms, frozen_until_ms, change, next_step, merged_into, firing,
    open_actions, review, review_due_ms, is_open)
VALUES (:id, :seq, :title, :severity, :phase, :services, :lead, :communications, :declared_by, :started,
    :declared, :resolved, :closed, :promised, :frozen_until, :change, :next_step, :merged_into, :firing,
    :open_actions, :review, :review_due, :is_open);

-- name: view_add_action
INSERT INTO v_action (incident, number, title, link, outcome, owner, due_ms, settled_ms, state)
VALUES (:incident, :number, :title, :link, :outcome, :owner, :due, :settled, :state);

-- name: view_add_promise
INSERT INTO v_promise (incident, number, sent_ms, due_ms, state, late_by_ms, by)
VALUES (:incident, :number, :sent, :due, :state, :late_by, :by);

-- name: view_add_alert_link
INSERT OR IGNORE INTO v_alert_link (fingerprint, incident) VALUES (:fingerprint, :incident);

-- name: view_incidents
SELECT id, seq, title, severity, phase, services, lead, communications, declared_by, started_ms AS started,
    declared_ms AS declared, resolved_ms AS resolved, closed_ms AS closed, promised_ms AS promised,
    frozen_until_ms AS frozen_until, change, next_step, merged_into, firing, open_actions, review,
    review_due_ms AS review_due, is_open
FROM v_incident
WHERE (:before = 0 OR id < :before) AND is_open >= :open_only
ORDER BY id DESC LIMIT :limit;

-- name: view_incident
SELECT id, seq, title, severity, phase, services, lead, communications, declared_by, started_ms AS started,
    declared_ms AS declared, resolved_ms AS resolved, closed_ms AS closed, promised_ms AS promised,
    frozen_until_ms AS frozen_until, change, next_step, merged_into, firing, open_actions, review,
    review_due_ms AS review_due, is_open
FROM v_incident WHERE id = :id;

-- name: view_actions
SELECT a.incident, a.number, i.title AS incident_title, a.title, a.link, a.outcome, a.owner, a.due_ms AS due,
    a.settled_ms AS settled, a.state
FROM v_action a JOIN v_incident i ON i.id = a.incident
WHERE (:open_only = 0 OR a.state = 'open') AND (:owner = '' OR a.owner = :owner)
    AND (:incident = 0 OR a.incident = :incident)
ORDER BY a.state <> 'open', a.due_ms, a.incident, a.number LIMIT :limit;

-- name: view_promises
SELECT p.incident, p.number, i.title AS incident_title, p.sent_ms AS sent, p.due_ms AS due, p.state,
    p.late_by_ms AS late_by, p.by
FROM v_promise p JOIN v_incident i ON i.id = p.incident
WHERE (:open_only = 0 OR p.state = 'open') AND (:incident = 0 OR p.incident = :incident)
ORDER BY p.state <> 'open', p.due_ms, p.incident, p.number LIMIT :limit;

-- name: view_open
SELECT id, title, services FROM v_incident WHERE is_open = 1 ORDER BY id;

-- name: view_alerts_of
SELECT fingerprint FROM v_alert_link WHERE incident = :incident ORDER BY fingerprint;

-- name: view_alert_holders
SELECT l.incident FROM v_alert_link l JOIN v_incident i ON i.id = l.incident
WHERE l.fingerprint = :fingerprint AND i.is_open = 1 ORDER BY l.incident;

-- name: view_alert_past
SELECT coalesce(max(l.incident), 0) AS incident FROM v_alert_link l JOIN v_incident i ON i.id = l.incident
WHERE l.fingerprint = :fingerprint AND i.is_open = 0;

-- name: view_missing_end
SELECT v.id AS incident, v.seq AS wanted, coalesce((SELECT max(e.seq) FROM event e WHERE e.stream = v.id), 0) AS found
FROM v_incident v WHERE found < wanted ORDER BY v.id LIMIT 1;

-- name: view_dump_incidents
SELECT * FROM v_incident ORDER BY id;

-- name: view_dump_actions
SELECT * FROM v_action ORDER BY incident, number;

-- name: view_dump_promises
SELECT * FROM v_promise ORDER BY incident, number;

-- name: view_dump_alert_links
SELECT * FROM v_alert_link ORDER BY fingerprint, incident;

-- name: view_frozen
SELECT id FROM v_incident WHERE frozen_until_ms > 0 ORDER BY id;

-- name: view_frozen_at
SELECT id FROM v_incident WHERE frozen_until_ms > 0 OR (declared_ms <= :at_ms AND (is_open = 1 OR resolved_ms > :at_ms
    OR merged_into > 0)) ORDER BY id;
