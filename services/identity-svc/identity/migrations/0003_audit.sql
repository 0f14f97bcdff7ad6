-- migrate:up
-- Who did what, when, on which ground: only ever added to. It takes the place of `account_act`.

CREATE TABLE audit (
    id         uuid        PRIMARY KEY,  -- of version 7: in the order of time
    at         timestamptz NOT NULL,
    act        text        NOT NULL,
    by_account uuid,                     -- nobody: the system itself
    account_id uuid,                     -- whose account it was done to
    ticket     text,
    proof      text,                     -- how the desk has checked who asks
    reason     text,                     -- as it was typed
    details    text        NOT NULL      -- JSON, codes and ids only
);
CREATE INDEX audit_of_account ON audit (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_by_account ON audit (by_account, id) WHERE by_account IS NOT NULL;
CREATE INDEX audit_of_ticket ON audit (ticket, id) WHERE ticket IS NOT NULL;
CREATE INDEX audit_of_act ON audit (act, id);
REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM CURRENT_USER;

DROP TABLE account_act;
