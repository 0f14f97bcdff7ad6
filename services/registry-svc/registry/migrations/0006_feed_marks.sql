-- migrate:up
-- The row of the feed that each school is known to agree with, as a digest: while both stay as they are, nothing is read.

CREATE TABLE feed_mark (
    school_id uuid PRIMARY KEY,
    version   int    NOT NULL,
    digest    bytea  NOT NULL,
    keys      text[] NOT NULL,
    remarks   jsonb  NOT NULL
);
CREATE INDEX feed_mark_digest ON feed_mark (digest);
