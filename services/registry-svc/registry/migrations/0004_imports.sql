-- migrate:up
-- Files of the feed on their way into the registry, and the verdict on every row of them.

-- `ending_...`: what one registrar wants to end because it is missing, and another has to agree to.
-- `holder` is the worker that may go on, until `locked_until`; `position` is the last record of the file that is settled
CREATE TABLE import (
    import_id    uuid PRIMARY KEY,
    kind         text        NOT NULL CHECK (kind IN ('schools', 'staff')),
    mode         text        NOT NULL CHECK (mode IN ('dry-run', 'apply')),
    is_snapshot  boolean     NOT NULL,
    mapping      jsonb       NOT NULL,
    file_name    text,
    by           uuid        NOT NULL,
    state        text        NOT NULL CHECK (state IN ('queued', 'running', 'done', 'cancelled', 'failed')),
    queued_at    timestamptz NOT NULL,
    finished_at  timestamptz,
    total        int         NOT NULL DEFAULT 0,
    position     int         NOT NULL DEFAULT 0,
    new          int         NOT NULL DEFAULT 0,
    changed      int         NOT NULL DEFAULT 0,
    unchanged    int         NOT NULL DEFAULT 0,
    rejected     int         NOT NULL DEFAULT 0,
    missing      int         NOT NULL DEFAULT 0,
    columns      jsonb       NOT NULL DEFAULT '{}',
    code         text,
    params       jsonb       NOT NULL DEFAULT '{}',
    missing_closed_at timestamptz,
    ending_count      int,
    ending_reason     text,
    ending_asked_by   uuid,
    ending_asked_at   timestamptz,
    attempts     int         NOT NULL DEFAULT 0,
    holder       uuid,
    locked_until timestamptz
);
CREATE INDEX import_due ON import (import_id) WHERE state IN ('queued', 'running');
CREATE INDEX import_queued_at ON import (queued_at);

-- The file as it came, until nothing more is to be read from it
CREATE TABLE import_chunk (
    import_id uuid  NOT NULL REFERENCES import ON DELETE CASCADE,
    number    int   NOT NULL,
    data      bytea NOT NULL,
    PRIMARY KEY (import_id, number)
);
ALTER TABLE import_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

-- Nothing of the row itself, which may be about a person; missing ones are numbered after the last row.
-- `keys`: what no later row may say
CREATE TABLE import_row (
    import_id uuid NOT NULL REFERENCES import ON DELETE CASCADE,
    number    int  NOT NULL,
    verdict   text NOT NULL CHECK (verdict IN ('new', 'changed', 'unchanged', 'rejected', 'missing')),
    key       text,
    keys      text[] NOT NULL,
    school_id uuid,
    staff_id  uuid,
    changed   text[] NOT NULL,
    reasons   jsonb NOT NULL,
    remarks   jsonb NOT NULL,
    PRIMARY KEY (import_id, number)
);
CREATE INDEX import_row_missing ON import_row (import_id, number) WHERE verdict = 'missing';

-- The number of a person in the school's own records, where the feed brings it
ALTER TABLE staff ADD COLUMN external_id text;
CREATE INDEX staff_external_id ON staff (school_id, external_id) WHERE ended_at IS NULL AND external_id IS NOT NULL;
