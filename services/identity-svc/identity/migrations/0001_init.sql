-- migrate:up
-- Account requests, accounts, sessions, and copies of what registry tells.

CREATE SEQUENCE account_request_number;

CREATE TABLE account_request (
    id                uuid        PRIMARY KEY,
    number            text        NOT NULL UNIQUE,
    version           int         NOT NULL DEFAULT 0,
    state             text        NOT NULL,
    shown             text        NOT NULL,
    request_version   int         NOT NULL,
    last_name         text,
    first_name        text,
    patronymic        text,
    email             text,
    post              text,
    lang              text        NOT NULL,
    inn               text        NOT NULL,
    kpp               text,
    ogrn              text,
    school_name       text,
    category          text        NOT NULL,
    step_at           timestamptz NOT NULL,
    account_id        uuid,
    credentials_until timestamptz,
    verdict_no        int         NOT NULL DEFAULT 0,
    mail_no           int         NOT NULL DEFAULT 0,
    asks              int         NOT NULL DEFAULT 0,
    ask_at            timestamptz,
    mirrors           uuid,
    referral          text
);
CREATE INDEX account_request_to_ask ON account_request (ask_at) WHERE ask_at IS NOT NULL;
CREATE INDEX account_request_to_expire ON account_request (step_at)
    WHERE shown NOT IN ('activated', 'declined', 'withdrawn', 'expired');
CREATE INDEX account_request_account ON account_request (account_id);
CREATE INDEX account_request_duplicates ON account_request (mirrors) WHERE mirrors IS NOT NULL;

-- One open request per address and school: whoever inserts first is the real one.
CREATE TABLE open_request (
    email_key  text NOT NULL,
    inn        text NOT NULL,
    request_id uuid NOT NULL,
    PRIMARY KEY (email_key, inn)
);
CREATE INDEX open_request_request ON open_request (request_id);

CREATE TABLE request_step (
    request_id uuid        NOT NULL,
    position   bigint      GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL,
    state      text        NOT NULL,
    note       text        NOT NULL,
    params     text        NOT NULL,
    PRIMARY KEY (request_id, position)
);

CREATE TABLE consent (
    request_id uuid        PRIMARY KEY,
    version    text        NOT NULL,
    at         timestamptz NOT NULL
);

CREATE TABLE account (
    id             uuid        PRIMARY KEY,
    version        int         NOT NULL DEFAULT 0,
    state          text        NOT NULL,
    login          text        UNIQUE,
    last_name      text,
    first_name     text,
    patronymic     text,
    email          text,
    lang           text        NOT NULL,
    staff_id       uuid,
    school_id      uuid,
    category       text,
    post           text,
    roll_version   int         NOT NULL DEFAULT 0,
    roles          text[]      NOT NULL DEFAULT '{}',
    request_id     uuid,
    session_epoch  int         NOT NULL,
    password_hash  text,
    one_time       bytea,
    one_time_until timestamptz,
    credential_no  int         NOT NULL DEFAULT 0,
    activated_at   timestamptz,
    reason         text,
    disable_at     timestamptz,
    disabled_at    timestamptz,
    channel        text,
    asked_at       timestamptz
);
CREATE UNIQUE INDEX account_live_of_staff ON account (staff_id) WHERE state IN ('issued', 'active', 'suspended');
CREATE INDEX account_of_school ON account (school_id, id);
CREATE INDEX account_to_disable ON account (disable_at) WHERE disable_at IS NOT NULL;
CREATE INDEX account_to_erase ON account (asked_at) WHERE state = 'disabled';

-- Why somebody suspended, resumed or disabled an account: the ground never leaves this service.
CREATE TABLE account_act (
    account_id uuid        NOT NULL,
    position   bigint      GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL,
    act        text        NOT NULL,
    by_account uuid        NOT NULL,
    reason     text        NOT NULL,
    ticket     text,
    PRIMARY KEY (account_id, position)
);

-- Logins are never given again, also after erasure: only a keyed digest stays.
CREATE TABLE taken_login (
    digest bytea PRIMARY KEY
);

CREATE TABLE erasure_receipt (
    account_id uuid        NOT NULL,
    service    text        NOT NULL,
    counts     text        NOT NULL,
    erased_at  timestamptz NOT NULL,
    PRIMARY KEY (account_id, service)
);

CREATE TABLE session (
    id         uuid          PRIMARY KEY,
    account_id uuid          NOT NULL,
    scope      text          NOT NULL,
    epoch      int           NOT NULL,
    generation int           NOT NULL,
    remembered boolean       NOT NULL,
    device     text,
    created_at timestamptz   NOT NULL,
    rotated_at timestamptz   NOT NULL,
    expires_at timestamptz   NOT NULL,
    exchanged  timestamptz[] NOT NULL
);
CREATE INDEX session_of_account ON session (account_id);
CREATE INDEX session_expires ON session (expires_at);

-- Copy of the staff roll. `version` 0: nothing known yet but the row to lock, and perhaps that it has ended.
-- `nameless`: nobody needs the name any more, so no late copy brings it back.
CREATE TABLE staff (
    staff_id   uuid    PRIMARY KEY,
    version    int     NOT NULL DEFAULT 0,
    school_id  uuid,
    category   text,
    post       text,
    name_token text,
    name_event uuid,
    has_left   boolean NOT NULL DEFAULT false,
    nameless   boolean NOT NULL DEFAULT false
);

-- Copy of the schools, for the words that no password may hold.
CREATE TABLE school (
    school_id  uuid PRIMARY KEY,
    version    int  NOT NULL,
    full_name  text NOT NULL,
    short_name text NOT NULL
);
