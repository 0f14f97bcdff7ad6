-- migrate:up
-- Schools, applications for entry, the staff roll, the registry's view of account requests and accounts.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE school (
    school_id  uuid PRIMARY KEY,
    version    int    NOT NULL,
    inn        text   NOT NULL,
    kpp        text   NOT NULL,
    ogrn       text,
    full_name  text   NOT NULL,
    short_name text   NOT NULL,
    kind       text   NOT NULL,
    district   text,
    address    text   NOT NULL,
    phones     text[] NOT NULL,
    emails     text[] NOT NULL,
    site       text,
    status     text   NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
    source     text   NOT NULL CHECK (source IN ('feed', 'application')),
    search     text   NOT NULL
);
-- These two decide who registers a school
CREATE UNIQUE INDEX school_open_ogrn ON school (ogrn) WHERE status <> 'closed';
CREATE UNIQUE INDEX school_open_inn_kpp ON school (inn, kpp) WHERE status <> 'closed';
CREATE INDEX school_inn ON school (inn);
CREATE INDEX school_ogrn ON school (ogrn);
CREATE INDEX school_name ON school (short_name, school_id);
CREATE INDEX school_district ON school (district, short_name, school_id);
CREATE INDEX school_status ON school (status, short_name, school_id);
CREATE INDEX school_search ON school USING gin (search gin_trgm_ops);

CREATE SEQUENCE application_number;

CREATE TABLE application (
    application_id uuid PRIMARY KEY,
    number         text        NOT NULL UNIQUE,
    version        int         NOT NULL,
    state          text        NOT NULL CHECK (state IN ('submitted', 'in-review', 'clarification-requested', 'approved',
                                                         'rejected', 'withdrawn', 'expired')),
    school         jsonb       NOT NULL,
    applicant      jsonb       NOT NULL,
    submitted_at   timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    school_id      uuid REFERENCES school
);
CREATE INDEX application_state ON application (state, application_id);
CREATE INDEX application_silent ON application (changed_at) WHERE state = 'clarification-requested';

-- Kept apart from the data it is about
CREATE TABLE application_consent (
    application_id uuid PRIMARY KEY REFERENCES application,
    text_version   text        NOT NULL,
    at             timestamptz NOT NULL
);

CREATE TABLE application_step (
    step_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application_id uuid        NOT NULL REFERENCES application,
    at             timestamptz NOT NULL,
    state          text        NOT NULL,
    reason         text,
    note           text
);
CREATE INDEX application_step_timeline ON application_step (application_id, step_id);

CREATE TABLE staff (
    staff_id   uuid PRIMARY KEY,
    school_id  uuid NOT NULL REFERENCES school,
    version    int  NOT NULL,
    last_name  text NOT NULL,
    first_name text NOT NULL,
    patronymic text,
    name_key   text NOT NULL,
    post       text NOT NULL,
    category   text NOT NULL CHECK (category IN ('head', 'employee')),
    division   text,
    email      text,
    employment text NOT NULL CHECK (employment IN ('main', 'part-time')),
    since      date,
    source     text NOT NULL CHECK (source IN ('feed', 'hand', 'application', 'referral')),
    until      date,
    ended_at   timestamptz,
    end_reason text
);
CREATE INDEX staff_roll ON staff (school_id, staff_id) WHERE ended_at IS NULL;
CREATE INDEX staff_name ON staff (school_id, name_key) WHERE ended_at IS NULL;
CREATE INDEX staff_heads ON staff (school_id) WHERE ended_at IS NULL AND category = 'head';

-- Personal columns are null once the request is closed
CREATE TABLE account_request (
    request_id      uuid PRIMARY KEY,
    version         int  NOT NULL DEFAULT 0,
    request_version int  NOT NULL DEFAULT 0,
    state           text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'held', 'referred', 'verified', 'declined',
                                                                 'closed')),
    number          text,
    inn             text,
    kpp             text,
    ogrn            text,
    school_name     text,
    category        text,
    last_name       text,
    first_name      text,
    patronymic      text,
    email           text,
    post            text,
    lang            text NOT NULL DEFAULT 'ru',
    school_id       uuid REFERENCES school,
    staff_id        uuid REFERENCES staff,
    decided_by      text,
    reason          text,
    remark          text,
    referred_to     text,
    candidates      uuid[] NOT NULL DEFAULT '{}',
    until           timestamptz
);
CREATE INDEX account_request_held_inn ON account_request (inn) WHERE state = 'held';
CREATE INDEX account_request_held_ogrn ON account_request (ogrn) WHERE state = 'held';
CREATE INDEX account_request_referred ON account_request (request_id) WHERE state = 'referred';
CREATE INDEX account_request_of_school ON account_request (school_id, request_id) WHERE state = 'referred';
CREATE INDEX account_request_until ON account_request (until) WHERE state = 'referred';
CREATE INDEX account_request_staff ON account_request (staff_id) WHERE state = 'verified';

-- What is remembered of an account; erased_at stays for ever, so that nothing late is kept
CREATE TABLE account_mark (
    account_id   uuid PRIMARY KEY,
    staff_id     uuid,
    activated_at timestamptz,
    erased_at    timestamptz,
    counts       jsonb,
    answered     bigint NOT NULL DEFAULT 0,
    version      int    NOT NULL DEFAULT 0
);

CREATE TABLE workplace (
    account_id    uuid PRIMARY KEY,
    staff_id      uuid   NOT NULL,
    version       bigint NOT NULL,
    work_phone    text,
    room          text,
    proposed_post text
);
CREATE INDEX workplace_staff ON workplace (staff_id);
