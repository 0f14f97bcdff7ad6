-- migrate:up
-- What has changed since: for city systems that follow the registry without Kafka.

-- `changed_in` is the transaction that wrote the row last (xid8 as a number; never used twice). Rows of transactions that
-- were all over when one reads come in this order, and no later commit can stand before them: store/reading.py
ALTER TABLE school
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN changed_in bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);
CREATE INDEX school_changed_in ON school (changed_in, school_id);
CREATE INDEX school_changed_at ON school (changed_at, school_id) INCLUDE (changed_in);

ALTER TABLE staff ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX staff_changed_at ON staff (changed_at, staff_id);
