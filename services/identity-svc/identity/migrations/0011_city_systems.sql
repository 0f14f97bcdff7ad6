-- migrate:up
-- City systems: who may ask for tokens, by which keys, for what.

CREATE TABLE city_system (
    id            uuid        PRIMARY KEY,
    version       int         NOT NULL,
    name          text        NOT NULL,
    contact       text        NOT NULL,  -- e-mail of who answers for it: personal
    keys          jsonb       NOT NULL,  -- public JWKs, two at most
    scopes        text[]      NOT NULL,
    state         text        NOT NULL CHECK (state IN ('active', 'suspended', 'ended')),
    session_epoch int         NOT NULL,  -- also the version of its events: it rises with each
    registered_at timestamptz NOT NULL,
    last_token_at timestamptz
);
CREATE UNIQUE INDEX city_system_name ON city_system (lower(name)) WHERE state <> 'ended';
