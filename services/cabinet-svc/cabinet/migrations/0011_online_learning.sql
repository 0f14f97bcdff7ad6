-- migrate:up
-- Online lessons, the links by which classes come to them without an account, and what pupils hand in.

CREATE TABLE online_lesson (
    lesson_id          uuid        PRIMARY KEY,
    school_id          uuid        NOT NULL,
    account_id         uuid        NOT NULL,
    subject_id         uuid        NOT NULL REFERENCES subject,
    title              text        NOT NULL,
    starts             timestamptz NOT NULL,
    ends               timestamptz NOT NULL CHECK (ends > starts AND ends <= starts + interval '4 hours'),
    link               text,
    state              text        NOT NULL CHECK (state IN ('planned', 'live', 'finished', 'cancelled')),
    reason             text        CHECK ((state = 'cancelled') = (reason IS NOT NULL)),
    version            bigint      NOT NULL,
    attendance_version bigint      NOT NULL
);
CREATE INDEX online_lesson_of_week ON online_lesson (school_id, starts, lesson_id);
CREATE INDEX online_lesson_live ON online_lesson (ends) WHERE state = 'live';
CREATE INDEX online_lesson_of_account ON online_lesson (account_id);
CREATE INDEX online_lesson_of_subject ON online_lesson (subject_id);

-- The code of a class is derived, not kept; by `code_mark` it is found. `diary_lesson_id`: where its marks go.
CREATE TABLE online_class (
    lesson_id       uuid  NOT NULL REFERENCES online_lesson,
    class_id        uuid  NOT NULL REFERENCES school_class,
    code_no         int   NOT NULL,
    code_mark       bytea NOT NULL CONSTRAINT online_code UNIQUE,
    diary_lesson_id uuid,
    PRIMARY KEY (lesson_id, class_id)
);
CREATE INDEX online_class_of_class ON online_class (class_id);

CREATE TABLE online_material (
    material_id uuid PRIMARY KEY,
    lesson_id   uuid NOT NULL REFERENCES online_lesson,
    title       text NOT NULL,
    url         text,
    file_id     uuid REFERENCES file,
    CHECK ((url IS NULL) <> (file_id IS NULL))
);
CREATE INDEX online_material_of_lesson ON online_material (lesson_id, material_id);
CREATE INDEX online_material_of_file ON online_material (file_id) WHERE file_id IS NOT NULL;

CREATE TABLE online_assignment (
    assignment_id uuid        PRIMARY KEY,
    lesson_id     uuid        NOT NULL REFERENCES online_lesson,
    title         text        NOT NULL,
    body          text,
    due           timestamptz NOT NULL,
    version       bigint      NOT NULL
);
CREATE INDEX online_assignment_of_lesson ON online_assignment (lesson_id, assignment_id);

-- Names as somebody has typed them; `pupil_id` is whom they mean, by the class list or by the teacher.
CREATE TABLE online_work (
    work_id         uuid        PRIMARY KEY,
    lesson_id       uuid        NOT NULL,
    assignment_id   uuid        NOT NULL REFERENCES online_assignment,
    class_id        uuid        NOT NULL,
    last_name       text        NOT NULL,
    first_name      text        NOT NULL,
    pupil_id        uuid        REFERENCES pupil,
    body            text,
    links           text[]      NOT NULL,
    at              timestamptz NOT NULL,
    diary_lesson_id uuid        CHECK (diary_lesson_id IS NULL OR pupil_id IS NOT NULL),
    version         bigint      NOT NULL,
    FOREIGN KEY (lesson_id, class_id) REFERENCES online_class
);
CREATE INDEX online_work_of_lesson ON online_work (lesson_id, work_id);
CREATE INDEX online_work_of_class ON online_work (assignment_id, class_id);
CREATE INDEX online_work_of_pupil ON online_work (pupil_id) WHERE pupil_id IS NOT NULL;
CREATE INDEX online_work_stray ON online_work (at) WHERE pupil_id IS NULL;

CREATE TABLE online_attendance (
    lesson_id  uuid    NOT NULL REFERENCES online_lesson,
    pupil_id   uuid    NOT NULL REFERENCES pupil,
    is_present boolean NOT NULL,
    PRIMARY KEY (lesson_id, pupil_id)
);
CREATE INDEX online_attendance_of_pupil ON online_attendance (pupil_id);

-- How much a source, or a code, has asked lately: `level` leaks away. The key is a MAC, no address is kept.
CREATE TABLE join_visit (
    key   bytea       PRIMARY KEY,
    level float8      NOT NULL,
    at    timestamptz NOT NULL
);
CREATE INDEX join_visit_at ON join_visit (at);
