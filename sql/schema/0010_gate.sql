-- The freeze gate: which incidents freeze something is asked at each deploy, and answers that go out by a callback wait
-- here until they got through (src/store/gate_callback.h).

CREATE INDEX v_incident_frozen ON v_incident (frozen_until_ms) WHERE frozen_until_ms > 0;

-- An answer of the gate that a pipeline waits for.
CREATE TABLE gate_callback (
    id INTEGER PRIMARY KEY,              -- in order of asking
    key TEXT NOT NULL UNIQUE,            -- the sender's name for the question: the same one is answered once
    url TEXT NOT NULL,                   -- where the answer goes; checked before each try
    environment TEXT NOT NULL,           -- as the sender names it
    what TEXT NOT NULL,                  -- the change
    approves INTEGER NOT NULL,           -- 1 = the change may go out
    comment TEXT NOT NULL,               -- what is said with it, Markdown
    incident INTEGER NOT NULL,           -- whose timeline hears when it cannot be delivered; 0 = none
    asked_ms INTEGER NOT NULL,           -- when the question came, ms since 1970 UTC
    due_ms INTEGER NOT NULL,             -- of the next try, ms since 1970 UTC; 0 = it is over
    tries INTEGER NOT NULL,              -- begun so far; counted before each is made
    status INTEGER NOT NULL,             -- HTTP status of the last try; 0 = none came
    trouble TEXT NOT NULL                -- what was wrong with the last try; empty = it got through, or was not made
) STRICT;
CREATE INDEX gate_callback_due ON gate_callback (due_ms) WHERE due_ms > 0;
