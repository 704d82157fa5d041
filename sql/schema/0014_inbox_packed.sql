-- A hash of an eighth of the bytes.
ALTER TABLE inbox ADD COLUMN of_packed INTEGER NOT NULL DEFAULT 0; -- what body_hash is of: 0, salt and body, as in older rows; 1, salt and packed body
