-- migrate:up
-- The diary. Whatever belongs to a school says so itself: no row is read without asking whose it is.

CREATE TABLE diary_rules (
    school_id uuid   PRIMARY KEY,
    rounding  text   NOT NULL DEFAULT 'from-50' CHECK (rounding IN ('from-50', 'from-60', 'teacher')),
    version   bigint NOT NULL DEFAULT 0
);

-- `year` is the one in which the school year begins. Quarters of some classes and half-years of others overlap.
CREATE TABLE term (
    term_id    uuid     PRIMARY KEY,
    school_id  uuid     NOT NULL,
    year       smallint NOT NULL,
    name       text     NOT NULL,
    starts     date     NOT NULL,
    ends       date     NOT NULL CHECK (ends > starts),
    grade_from smallint NOT NULL,
    grade_to   smallint NOT NULL CHECK (grade_to >= grade_from),
    closed     boolean  NOT NULL DEFAULT false,
    version    bigint   NOT NULL DEFAULT 1
);
CREATE INDEX term_of_school ON term (school_id, year, term_id);

CREATE TABLE school_class (
    class_id   uuid     PRIMARY KEY,
    school_id  uuid     NOT NULL,
    year       smallint NOT NULL,
    grade      smallint NOT NULL CHECK (grade BETWEEN 1 AND 12),
    letter     text     NOT NULL,
    teacher_id uuid     REFERENCES account,
    version    bigint   NOT NULL DEFAULT 1,
    CONSTRAINT class_once UNIQUE (school_id, year, grade, letter)
);
CREATE INDEX class_of_school ON school_class (school_id, class_id);
CREATE INDEX class_of_teacher ON school_class (teacher_id) WHERE teacher_id IS NOT NULL;

-- `by_name`: in lists Ё stands with Е, wherever the database's own order puts it.
CREATE TABLE pupil (
    pupil_id   uuid   PRIMARY KEY,
    school_id  uuid   NOT NULL,
    last_name  text   NOT NULL,
    first_name text   NOT NULL,
    patronymic text,
    birthday   date,
    by_name    text   GENERATED ALWAYS AS (lower(translate(last_name || ' ' || first_name, 'Ёё', 'Ее'))) STORED,
    version    bigint NOT NULL DEFAULT 1
);
CREATE INDEX pupil_of_name ON pupil (school_id, by_name);

-- `until` is the last day; who moves keeps what was, in the class in which it was.
CREATE TABLE membership (
    pupil_id uuid NOT NULL REFERENCES pupil,
    class_id uuid NOT NULL REFERENCES school_class,
    since    date NOT NULL,
    until    date,
    PRIMARY KEY (pupil_id, class_id, since)
);
CREATE INDEX membership_of_class ON membership (class_id, pupil_id);
CREATE UNIQUE INDEX membership_now ON membership (pupil_id) WHERE until IS NULL;

CREATE TABLE subject (
    subject_id uuid   PRIMARY KEY,
    school_id  uuid   NOT NULL,
    name       text   NOT NULL,
    version    bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX subject_once ON subject (school_id, lower(name));
CREATE INDEX subject_of_school ON subject (school_id, subject_id);

CREATE TABLE teaching_load (
    load_id    uuid   PRIMARY KEY,
    school_id  uuid   NOT NULL,
    class_id   uuid   NOT NULL REFERENCES school_class,
    subject_id uuid   NOT NULL REFERENCES subject,
    account_id uuid   NOT NULL REFERENCES account,
    version    bigint NOT NULL DEFAULT 1,
    CONSTRAINT load_once UNIQUE (class_id, subject_id, account_id)
);
CREATE INDEX load_of_school ON teaching_load (school_id, load_id);
CREATE INDEX load_of_account ON teaching_load (account_id, load_id);
CREATE INDEX load_of_subject ON teaching_load (subject_id);

CREATE TABLE slot (
    slot_id    uuid     PRIMARY KEY,
    school_id  uuid     NOT NULL,
    class_id   uuid     NOT NULL REFERENCES school_class,
    subject_id uuid     NOT NULL REFERENCES subject,
    weekday    smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    number     smallint NOT NULL,
    room       text,
    version    bigint   NOT NULL DEFAULT 1,
    CONSTRAINT slot_once UNIQUE (class_id, weekday, number, subject_id)
);
CREATE INDEX slot_of_school ON slot (school_id, slot_id);
CREATE INDEX slot_of_subject ON slot (subject_id);

CREATE TABLE substitute (
    substitute_id uuid   PRIMARY KEY,
    school_id     uuid   NOT NULL,
    class_id      uuid   NOT NULL REFERENCES school_class,
    subject_id    uuid   NOT NULL REFERENCES subject,
    account_id    uuid   NOT NULL REFERENCES account,
    since         date   NOT NULL,
    until         date   NOT NULL CHECK (until >= since),
    version       bigint NOT NULL DEFAULT 1
);
CREATE INDEX substitute_of_school ON substitute (school_id, substitute_id);
CREATE INDEX substitute_of_account ON substitute (account_id, class_id, subject_id);
CREATE INDEX substitute_of_class ON substitute (class_id);
CREATE INDEX substitute_of_subject ON substitute (subject_id);

-- The head lets a teacher edit lessons of a term late, up to a day; no class or subject is any.
CREATE TABLE late_leave (
    leave_id   uuid   PRIMARY KEY,
    school_id  uuid   NOT NULL,
    account_id uuid   NOT NULL REFERENCES account,
    term_id    uuid   NOT NULL REFERENCES term ON DELETE CASCADE,
    class_id   uuid   REFERENCES school_class,
    subject_id uuid   REFERENCES subject,
    until      date   NOT NULL,
    reason     text   NOT NULL,
    granted_by uuid   NOT NULL,
    version    bigint NOT NULL DEFAULT 1
);
CREATE INDEX leave_of_school ON late_leave (school_id, leave_id);
CREATE INDEX leave_of_account ON late_leave (account_id, term_id);
CREATE INDEX leave_of_term ON late_leave (term_id);
CREATE INDEX leave_of_class ON late_leave (class_id) WHERE class_id IS NOT NULL;
CREATE INDEX leave_of_subject ON late_leave (subject_id) WHERE subject_id IS NOT NULL;

-- `cells` is the column of the journal as it is shown, made anew from `mark` by whoever changes one, under the row's lock.
CREATE TABLE lesson (
    lesson_id    uuid     PRIMARY KEY,
    school_id    uuid     NOT NULL,
    class_id     uuid     NOT NULL REFERENCES school_class,
    subject_id   uuid     NOT NULL REFERENCES subject,
    term_id      uuid     NOT NULL REFERENCES term,
    year         smallint NOT NULL,
    date         date     NOT NULL,
    number       smallint NOT NULL,
    topic        text,
    homework     text,
    homework_due date,
    account_id   uuid     NOT NULL,
    version      bigint   NOT NULL DEFAULT 1,
    cells        text     NOT NULL DEFAULT '{}',
    CONSTRAINT lesson_once UNIQUE (class_id, subject_id, date, number)
) WITH (toast_tuple_target = 8160, fillfactor = 80);
CREATE INDEX lesson_of_journal ON lesson (class_id, subject_id, term_id, date, number);
CREATE INDEX lesson_due ON lesson (class_id, subject_id, homework_due) WHERE homework_due IS NOT NULL;
CREATE INDEX lesson_of_term ON lesson (term_id, date);
CREATE INDEX lesson_of_subject ON lesson (subject_id);

-- A cell that was emptied stays as a row at its version. Nobody refers to a partition: it can be put away as a file.
CREATE TABLE mark (
    year      smallint NOT NULL,
    lesson_id uuid     NOT NULL,
    pupil_id  uuid     NOT NULL,
    mark      smallint CHECK (mark BETWEEN 2 AND 5),
    credit    boolean,
    absence   text     CHECK (absence IN ('Н', 'Б', 'УП', 'ОП')),
    weight    smallint NOT NULL CHECK (weight BETWEEN 1 AND 5),
    comment   text,
    version   int      NOT NULL,
    CONSTRAINT mark_key PRIMARY KEY (year, lesson_id, pupil_id)
) PARTITION BY LIST (year);

CREATE TABLE mark_change (
    year       smallint    NOT NULL,
    lesson_id  uuid        NOT NULL,
    pupil_id   uuid        NOT NULL,
    version    int         NOT NULL,
    save_id    uuid        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid        NOT NULL,
    old        jsonb       NOT NULL,
    new        jsonb       NOT NULL,
    reason     text,
    CONSTRAINT mark_change_key PRIMARY KEY (year, lesson_id, pupil_id, version)
) PARTITION BY LIST (year);

-- What a pupil's marks of a term come to, wherever they were given: sums of mark times weight and of weights.
CREATE TABLE tally (
    pupil_id   uuid NOT NULL,
    subject_id uuid NOT NULL,
    term_id    uuid NOT NULL,
    total      int  NOT NULL,
    weights    int  NOT NULL,
    PRIMARY KEY (pupil_id, subject_id, term_id)
);

-- No term: the mark of the year. Nothing in it: not assessed.
CREATE TABLE final (
    pupil_id   uuid     NOT NULL REFERENCES pupil,
    subject_id uuid     NOT NULL REFERENCES subject,
    year       smallint NOT NULL,
    term_id    uuid     REFERENCES term,
    mark       smallint CHECK (mark BETWEEN 2 AND 5),
    credit     boolean,
    version    int      NOT NULL,
    CONSTRAINT final_once UNIQUE NULLS NOT DISTINCT (pupil_id, subject_id, year, term_id)
);
CREATE INDEX final_of_term ON final (term_id);
CREATE INDEX final_of_subject ON final (subject_id);

CREATE TABLE final_change (
    pupil_id   uuid        NOT NULL,
    subject_id uuid        NOT NULL,
    year       smallint    NOT NULL,
    term_id    uuid,
    version    int         NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid        NOT NULL,
    old        jsonb       NOT NULL,
    new        jsonb       NOT NULL,
    reason     text,
    CONSTRAINT final_change_once UNIQUE NULLS NOT DISTINCT (pupil_id, subject_id, year, term_id, version)
);
