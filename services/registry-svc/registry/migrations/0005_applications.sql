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
DROP INDEX application_open_inn;
CREATE INDEX application_open_inn ON application (inn)
    WHERE state IN ('submitted', 'in-review', 'clarification-requested');
CREATE INDEX application_open_ogrn ON application (ogrn)
    WHERE state IN ('submitted', 'in-review', 'clarification-requested');
-- What else may be the school of an application
CREATE INDEX school_address ON school USING hash (address);
CREATE INDEX school_phones ON school USING gin (phones);
-- Whom to forget
CREATE INDEX application_over ON application (changed_at)
    WHERE applicant IS NOT NULL AND state IN ('approved', 'rejected', 'withdrawn', 'expired');

-- Schools are found by whole words: each word leads to its schools in the order of ids, so a search reads as many as it
-- wants and no more, however common the word. Misspelt words are looked up among the words, which are few.
DROP INDEX school_search, school_name, school_district, school_okrug;
CREATE INDEX school_district ON school (district, status, short_name, school_id);
CREATE INDEX school_okrug ON school (okrug, status, short_name, school_id);
CREATE TABLE school_word (
    word      text COLLATE "C" NOT NULL,
    school_id uuid             NOT NULL,
    PRIMARY KEY (word, school_id)
);
CREATE TABLE search_word (
    word text COLLATE "C" PRIMARY KEY
);
CREATE INDEX search_word_alike ON search_word USING gin (word gin_trgm_ops) WITH (fastupdate = off);

-- Triggers, so that nobody who writes `school.search`, in bulk or not, can forget its words
CREATE FUNCTION keep_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO school_word
    SELECT DISTINCT word, school_id FROM written CROSS JOIN unnest(string_to_array(search, ' ')) AS word
    ORDER BY word, school_id ON CONFLICT DO NOTHING;
    INSERT INTO search_word
    SELECT DISTINCT word FROM written CROSS JOIN unnest(string_to_array(search, ' ')) AS word
    ORDER BY word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION keep_changed_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM school_word WHERE school_id = OLD.school_id AND word = ANY (string_to_array(OLD.search, ' '));
    INSERT INTO school_word
    SELECT DISTINCT word, NEW.school_id FROM unnest(string_to_array(NEW.search, ' ')) AS word;
    INSERT INTO search_word
    SELECT DISTINCT word FROM unnest(string_to_array(NEW.search, ' ')) AS word ORDER BY word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER school_words_new AFTER INSERT ON school REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION keep_new_words();
CREATE TRIGGER school_words_changed AFTER UPDATE OF search ON school
    FOR EACH ROW WHEN (OLD.search IS DISTINCT FROM NEW.search) EXECUTE FUNCTION keep_changed_words();

INSERT INTO school_word
SELECT DISTINCT word, school_id FROM school CROSS JOIN unnest(string_to_array(search, ' ')) AS word;
INSERT INTO search_word SELECT DISTINCT word FROM school_word;
