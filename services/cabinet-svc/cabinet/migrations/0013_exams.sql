-- migrate:up
-- Results of final exams. No name of a pupil is here: a school knows whose code is whose.

-- How the rows of a file name a school. A copy from before learns it when its school next changes
ALTER TABLE school ADD COLUMN inn text, ADD COLUMN kpp text, ADD COLUMN ogrn text;
CREATE INDEX school_inn ON school (inn);
CREATE INDEX school_ogrn ON school (ogrn);

-- Who teaches what at which school, for sections that ask the diary. Years are those in which school years begin
CREATE VIEW taught AS
SELECT DISTINCT load.account_id, load.school_id, class.year, class.grade, subject.name AS subject
FROM teaching_load AS load JOIN school_class AS class USING (class_id) JOIN subject USING (subject_id);

-- An exam of a year in a subject; whoever publishes results of it is alone
CREATE TABLE exam_set (
    set_id  uuid     PRIMARY KEY,
    exam    text     NOT NULL,
    year    smallint NOT NULL,
    subject text     NOT NULL,
    CONSTRAINT exam_set_once UNIQUE (exam, year, subject)
);

-- A file of results. `holder` is the worker that may go on, until `locked_until`; `position` is the last record read.
-- `told_through` is the last teacher that has been told of what it published, `told_at` says that all have
CREATE TABLE exam_batch (
    batch_id     uuid        PRIMARY KEY,
    set_id       uuid        NOT NULL REFERENCES exam_set,
    mode         text        NOT NULL CHECK (mode IN ('dry-run', 'apply')),
    state        text        NOT NULL CHECK (state IN ('queued', 'running', 'done', 'cancelled', 'failed')),
    reason       text,
    file_name    text,
    by           uuid        NOT NULL,
    queued_at    timestamptz NOT NULL,
    finished_at  timestamptz,
    total        int         NOT NULL DEFAULT 0,
    position     int         NOT NULL DEFAULT 0,
    done         int         NOT NULL DEFAULT 0,
    new          int         NOT NULL DEFAULT 0,
    changed      int         NOT NULL DEFAULT 0,
    unchanged    int         NOT NULL DEFAULT 0,
    rejected     int         NOT NULL DEFAULT 0,
    columns      jsonb       NOT NULL DEFAULT '{}',
    code         text,
    params       jsonb       NOT NULL DEFAULT '{}',
    attempts     int         NOT NULL DEFAULT 0,
    holder       uuid,
    locked_until timestamptz,
    published_at timestamptz,
    appeal_until timestamptz,
    school_ids   uuid[]      NOT NULL DEFAULT '{}',
    told_through uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    told_at      timestamptz,
    version      bigint      NOT NULL DEFAULT 0
);
CREATE INDEX exam_batch_due ON exam_batch (batch_id) WHERE state IN ('queued', 'running');
CREATE INDEX exam_batch_to_tell ON exam_batch (batch_id) WHERE published_at IS NOT NULL AND told_at IS NULL;
CREATE INDEX exam_batch_finished ON exam_batch (finished_at) WHERE finished_at IS NOT NULL;

-- The file as it came, until all of it is read
CREATE TABLE exam_chunk (
    batch_id uuid  NOT NULL REFERENCES exam_batch ON DELETE CASCADE,
    number   int   NOT NULL,
    data     bytea NOT NULL,
    PRIMARY KEY (batch_id, number)
);
ALTER TABLE exam_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

-- What the rows say. `reasons` are of the row itself; `refusal` and `verdict` come from comparing it, each time anew.
-- `result_id` is the result that the row means, or that it makes
CREATE TABLE exam_row (
    batch_id      uuid     NOT NULL REFERENCES exam_batch ON DELETE CASCADE,
    number        int      NOT NULL,
    school_id     uuid,
    school_key    text,
    code          text,
    is_annulled   boolean  NOT NULL,
    primary_score smallint,
    test_score    smallint,
    mark          smallint,
    reason        text,
    reasons       jsonb    NOT NULL,
    result_id     uuid     NOT NULL,
    verdict       text     CHECK (verdict IN ('new', 'changed', 'unchanged', 'rejected')),
    changed       text[]   NOT NULL DEFAULT '{}',
    refusal       jsonb,
    PRIMARY KEY (batch_id, number)
);
CREATE INDEX exam_row_of_verdict ON exam_row (batch_id, verdict, number);

-- As it is now; `batch_id` is the file that has said so last
CREATE TABLE exam_result (
    result_id     uuid     PRIMARY KEY,
    set_id        uuid     NOT NULL REFERENCES exam_set,
    school_id     uuid     NOT NULL,
    code          text     NOT NULL,
    state         text     NOT NULL CHECK (state IN ('approved', 'changed', 'annulled')),
    primary_score smallint CHECK (primary_score BETWEEN 0 AND 100),
    test_score    smallint CHECK (test_score BETWEEN 0 AND 100),
    mark          smallint CHECK (mark BETWEEN 2 AND 5),
    batch_id      uuid     NOT NULL REFERENCES exam_batch,
    version       int      NOT NULL,
    CONSTRAINT exam_result_once UNIQUE (school_id, set_id, code),
    CHECK (state <> 'annulled' OR num_nonnulls(primary_score, test_score, mark) = 0)
);

-- As it was and is; who and when is the file's
CREATE TABLE exam_version (
    result_id     uuid     NOT NULL REFERENCES exam_result,
    version       int      NOT NULL,
    state         text     NOT NULL,
    primary_score smallint,
    test_score    smallint,
    mark          smallint,
    batch_id      uuid     NOT NULL REFERENCES exam_batch,
    reason        text,
    PRIMARY KEY (result_id, version)
);
CREATE INDEX exam_version_of_batch ON exam_version (batch_id);

-- Of a school: how many results count, and the sum of what they are compared by. Kept by whoever publishes
CREATE TABLE exam_total (
    set_id    uuid   NOT NULL REFERENCES exam_set,
    school_id uuid   NOT NULL,
    results   int    NOT NULL,
    counted   int    NOT NULL,
    score     bigint NOT NULL,
    PRIMARY KEY (set_id, school_id)
);
CREATE INDEX exam_total_of_school ON exam_total (school_id, set_id);

-- Who has told the pupil of this version of a result, and when; once
CREATE TABLE exam_familiarisation (
    result_id  uuid        NOT NULL REFERENCES exam_result,
    version    int         NOT NULL,
    account_id uuid        NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (result_id, version)
);
CREATE INDEX exam_familiarisation_by ON exam_familiarisation (account_id);
