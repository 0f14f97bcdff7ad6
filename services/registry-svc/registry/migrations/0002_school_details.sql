-- migrate:up
-- What the registry knows of a school beyond its requisites, and how it came to be so.

ALTER TABLE school
    ADD COLUMN okrug        text,
    ADD COLUMN head_name    text,
    ADD COLUMN head_post    text,
    ADD COLUMN buildings    jsonb  NOT NULL DEFAULT '[]',
    ADD COLUMN external_id  text,
    ADD COLUMN closing_on   date,
    ADD COLUMN successors   uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX school_okrug ON school (okrug, short_name, school_id);
CREATE INDEX school_external_id ON school (external_id);

-- `by` is an account, or `feed` or `schedule`
CREATE TABLE school_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    school_id uuid        NOT NULL REFERENCES school,
    version   int         NOT NULL,
    at        timestamptz NOT NULL,
    by        text        NOT NULL,
    field     text        NOT NULL,
    old       jsonb       NOT NULL,
    new       jsonb       NOT NULL
);
CREATE INDEX school_change_history ON school_change (school_id, change_id);
