-- migrate:up
-- Notices name nobody. What a person has chosen, and what waits for a person, goes with the account.

CREATE TABLE preference (
    account_id  uuid   PRIMARY KEY REFERENCES account,
    kinds       jsonb  NOT NULL,
    digest_hour int    NOT NULL CHECK (digest_hour BETWEEN 0 AND 23),
    lang        text   CHECK (lang IN ('ru', 'en')),
    version     bigint NOT NULL
);

CREATE TABLE entry (
    account_id uuid        NOT NULL REFERENCES account,
    notice_id  uuid        NOT NULL,
    event_id   uuid        NOT NULL,
    kind       text        NOT NULL,
    title      text        NOT NULL,
    page       text        NOT NULL,
    due        timestamptz,
    at         timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    waits      boolean     NOT NULL, -- for an address; else for the digest
    PRIMARY KEY (account_id, notice_id)
);
CREATE INDEX entry_expires ON entry (expires_at) WHERE waits;

CREATE TABLE digest (
    account_id   uuid        PRIMARY KEY REFERENCES account,
    due_at       timestamptz NOT NULL,
    locked_until timestamptz
);
CREATE INDEX digest_due ON digest (due_at);
