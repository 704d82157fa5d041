-- Answers of the gate that go out by a callback: src/store/gate_callback.c.

-- name: gate_callback_add
INSERT OR IGNORE INTO gate_callback (key, url, environment, what, ask, approves, comment, incident, asked_ms, due_ms, tries,
    status, trouble)
VALUES (:key, :url, :environment, :what, :ask, :approves, :comment, :incident, :asked, :due, 0, 0, '');

-- name: gate_callback_due
SELECT id, key, url, environment, what, ask, approves, comment, incident, asked_ms AS asked, due_ms AS due, tries, status, trouble
FROM gate_callback WHERE due_ms > 0 AND due_ms <= :now_ms ORDER BY due_ms, id LIMIT 1;

-- name: gate_callback_begin
UPDATE gate_callback SET tries = tries + 1, due_ms = :due WHERE id = :id AND due_ms > 0;

-- name: gate_callback_end
UPDATE gate_callback SET due_ms = :due, status = :status, trouble = :trouble WHERE id = :id;

-- name: gate_callback_known
SELECT 1 AS known FROM gate_callback WHERE key = :key;

-- name: gate_callback_sweep
DELETE FROM gate_callback WHERE due_ms = 0 AND asked_ms < :before_ms;
