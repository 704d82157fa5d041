-- An approval that goes out late is asked again before: a freeze may have begun meanwhile.
ALTER TABLE gate_callback ADD COLUMN ask TEXT NOT NULL DEFAULT '{}'; -- the question, a JSON object
