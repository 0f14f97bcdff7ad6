-- migrate:up

-- Copies of what the registry says, each row at the version of its newest event.
CREATE TABLE school (
    school_id  uuid   PRIMARY KEY,
    full_name  text   NOT NULL,
    short_name text   NOT NULL,
    address    text   NOT NULL,
    phones     text[] NOT NULL,
    version    bigint NOT NULL
);

-- `nameless` stays: the person has left the roll or had the cabinet erased, and no late event brings the name back.
CREATE TABLE staff (
    staff_id   uuid    PRIMARY KEY,
    school_id  uuid,
    post       text,
    category   text,
    division   text,
    employment text,
    until      date,
    last_name  text,
    first_name text,
    patronymic text,
    nameless   boolean NOT NULL DEFAULT false,
    version    bigint  NOT NULL DEFAULT 0
);

-- Facts and name are at the versions of identity's events; `version` counts what cabinet itself says of the account.
CREATE TABLE account (
    account_id    uuid   PRIMARY KEY,
    state         text   NOT NULL DEFAULT 'provisioned' CHECK (state IN ('provisioned', 'open', 'closed', 'erased')),
    staff_id      uuid,
    school_id     uuid,
    category      text,
    post          text,
    facts_version bigint NOT NULL DEFAULT 0,
    last_name     text,
    first_name    text,
    patronymic    text,
    name_version  bigint NOT NULL DEFAULT 0,
    receipt       jsonb,
    version       bigint NOT NULL DEFAULT 0
);

CREATE TABLE workplace (
    account_id    uuid   PRIMARY KEY REFERENCES account,
    building      text,
    subjects      text[] NOT NULL,
    classes       text[] NOT NULL,
    employment    text   CHECK (employment IN ('main', 'part-time')),
    work_phone    text,
    room          text,
    proposed_post text,
    version       bigint NOT NULL
);
