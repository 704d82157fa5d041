-- The live alerts come in shards, each as of an inbox row of its own (src/store/snapshot.h). What the one snapshot before
-- knew is in the inbox, too: the next start reads that once.
DROP TABLE desk_snapshot;

-- Up to which inbox row a shard's snapshot knows.
CREATE TABLE desk_shard (
    shard INTEGER PRIMARY KEY,           -- its number, from 0
    inbox_id INTEGER NOT NULL            -- the last inbox row it knows of
) STRICT;

-- The alerts of a shard; apart, since a shard that did not change only moves on to another inbox row.
CREATE TABLE desk_shard_body (
    shard INTEGER PRIMARY KEY REFERENCES desk_shard (shard), -- its number
    packed BLOB NOT NULL                 -- zstd with a checksum; inside, the engine's own format
) STRICT;
