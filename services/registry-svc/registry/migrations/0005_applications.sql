-- migrate:up
-- The registrar's queue of applications, and the words by which schools are found.

ALTER TABLE application
    ALTER COLUMN applicant DROP NOT NULL,
    ADD COLUMN inn    text GENERATED ALWAYS AS (school ->> 'inn') STORED,
    ADD COLUMN kpp    text GENERATED ALWAYS AS (school ->> 'kpp') STORED,
    ADD COLUMN ogrn   text GENERATED ALWAYS AS (school ->> 'ogrn') STORED,
    ADD COLUMN ground text GENERATED ALWAYS AS (applicant ->> 'ground') STORED,
    ADD COLUMN search text NOT NULL DEFAULT '';
ALTER TABLE application ALTER COLUMN search DROP DEFAULT;

-- The oldest first, whatever is asked for
DROP INDEX application_state;
CREATE INDEX application_queue ON application (submitted_at, application_id);
CREATE INDEX application_state ON application (state, submitted_at, application_id);
CREATE INDEX application_ground ON application (ground, submitted_at, application_id);
CREATE INDEX application_search ON application USING gin (search gin_trgm_ops);
-- What an approval overtakes, and the registrar is shown beside an application
CREATE INDEX application_open_inn ON application (inn)
    WHERE state IN ('submitted', 'in-review', 'clarification-requested');
CREATE INDEX application_open_ogrn ON application (ogrn)
    WHERE state IN ('submitted', 'in-review', 'clarification-requested');
-- Whom to forget
CREATE INDEX application_over ON application (changed_at)
    WHERE applicant IS NOT NULL AND state IN ('approved', 'rejected', 'withdrawn', 'expired');
