-- migrate:up
-- The erasure of each disabled account: who is asked when, when it is overdue, and what this service itself erased.
-- It stays when the account is erased, for the record of the erasure is made from it.

CREATE TABLE erasure (
    account_id   uuid        PRIMARY KEY,
    disabled_at  timestamptz NOT NULL,
    asks         int         NOT NULL,
    ask_at       timestamptz NOT NULL,
    is_escalated boolean     NOT NULL DEFAULT false,
    counts       text        NOT NULL,  -- JSON, by kind
    erased_at    timestamptz
);
CREATE INDEX erasure_to_ask ON erasure (ask_at) WHERE erased_at IS NULL;
CREATE INDEX erasure_waiting ON erasure (account_id) WHERE erased_at IS NULL;
CREATE INDEX erasure_overdue ON erasure (disabled_at) WHERE erased_at IS NULL;

INSERT INTO erasure (account_id, disabled_at, asks, ask_at, counts, erased_at)
SELECT id, disabled_at, 1, coalesce(asked_at, disabled_at) + interval '1 hour', '{}',
    CASE WHEN state = 'erased'
        THEN (SELECT max(erased_at) FROM erasure_receipt WHERE account_id = account.id) END
FROM account WHERE disabled_at IS NOT NULL;

DROP INDEX account_to_erase;
ALTER TABLE account DROP COLUMN asked_at;
