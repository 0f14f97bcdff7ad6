-- migrate:up
-- Only sealed tokens (JWE) of addresses and secrets are kept here, never the clear text.

CREATE TABLE account (
    account_id      uuid    PRIMARY KEY,
    contact         text,
    contact_event   uuid,
    contact_version bigint,
    credential_no   int     NOT NULL DEFAULT 0,
    ended           boolean NOT NULL DEFAULT false,
    receipt         jsonb,
    version         bigint  NOT NULL DEFAULT 0
);

CREATE TABLE mail (
    mail_id       uuid        PRIMARY KEY,
    event_id      uuid        NOT NULL,
    subject       text        NOT NULL,
    event_version bigint      NOT NULL,
    purpose       text        NOT NULL,
    account_id    uuid        REFERENCES account,
    credential_no int,
    contact       text,
    contact_event uuid,
    secret        text,
    params        jsonb       NOT NULL,
    state         text        NOT NULL
        CHECK (state IN ('waiting', 'queued', 'sending', 'retry', 'unknown', 'sent', 'failed', 'cancelled')),
    attempts      int         NOT NULL DEFAULT 0,
    lost          int         NOT NULL DEFAULT 0,
    code          text,
    queued_at     timestamptz NOT NULL,
    due_at        timestamptz,
    expires_at    timestamptz NOT NULL,
    finished_at   timestamptz,
    locked_until  timestamptz,
    locked_by     text,
    version       bigint      NOT NULL DEFAULT 0
);
CREATE INDEX mail_due ON mail (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mail_account ON mail (account_id);
CREATE INDEX mail_subject ON mail (subject, queued_at DESC, mail_id DESC);
