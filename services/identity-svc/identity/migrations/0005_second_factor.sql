-- migrate:up
-- The second factor, deeds of two persons, and an audit record that is looked through by time.

-- `secret` lives, `pending` waits for the first code; both are encrypted. Of recovery codes keyed digests are kept.
-- Guarded by the lock of its account.
CREATE TABLE second_factor (
    account_id       uuid        PRIMARY KEY,
    secret           text,
    recovery         bytea[]     NOT NULL,
    pending          text,
    pending_recovery bytea[]     NOT NULL,
    last_step        bigint      NOT NULL,  -- of a code that was used: none works twice
    failures         int         NOT NULL,  -- wrong codes in a row
    barred_until     timestamptz
);
ALTER TABLE session ADD COLUMN proven_at timestamptz;

CREATE TABLE deed (
    deed_id    uuid        PRIMARY KEY,
    act        text        NOT NULL,
    account_id uuid        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('awaiting-second', 'done', 'refused', 'expired')),
    channel    text        NOT NULL,
    reason     text        NOT NULL,
    ticket     text,
    proof      text,
    email      text,                        -- a new address on file, only while the deed waits
    asked_by   uuid        NOT NULL,
    asked_at   timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    decided_by uuid
);
CREATE UNIQUE INDEX deed_open ON deed (account_id, act) WHERE state = 'awaiting-second';
CREATE INDEX deed_waiting ON deed (deed_id) WHERE state = 'awaiting-second';
CREATE INDEX deed_expires ON deed (expires_at) WHERE state = 'awaiting-second';

CREATE INDEX account_operators ON account (id) WHERE roles <> '{}';
UPDATE account SET activated_at = now() WHERE roles <> '{}' AND state = 'active' AND activated_at IS NULL;

DROP INDEX audit_of_account, audit_by_account, audit_of_ticket, audit_of_act;
CREATE INDEX audit_time ON audit (at, id);
CREATE INDEX audit_of_account ON audit (account_id, at, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_by_account ON audit (by_account, at, id) WHERE by_account IS NOT NULL;
CREATE INDEX audit_of_ticket ON audit (ticket, at, id) WHERE ticket IS NOT NULL;
CREATE INDEX audit_of_act ON audit (act, at, id);
