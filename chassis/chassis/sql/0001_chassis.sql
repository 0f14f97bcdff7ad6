-- migrate:up
-- What every service needs to publish, to react once, and to refuse dead tokens.

CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id       uuid        NOT NULL,
    topic    text        NOT NULL,
    key      text        NOT NULL,
    value    bytea       NOT NULL,
    headers  text        NOT NULL,
    at       timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE TABLE inbox (
    reaction  text        NOT NULL,
    source    text        NOT NULL,
    event_id  uuid        NOT NULL,
    topic     text        NOT NULL,
    partition int         NOT NULL,
    position  bigint      NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (reaction, source, event_id)
);
CREATE INDEX inbox_position ON inbox (topic, partition, position DESC);
CREATE INDEX inbox_at ON inbox (at);

CREATE TABLE dead_letter (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic     text        NOT NULL,
    partition int         NOT NULL,
    position  bigint      NOT NULL,
    key       bytea,
    value     bytea,
    headers   text        NOT NULL,
    reason    text        NOT NULL,
    attempts  int         NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    UNIQUE (topic, partition, position)
);

CREATE TABLE idempotency_key (
    scope       text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    answer      text,
    at          timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_at ON idempotency_key (at);

CREATE TABLE revocation (
    account_id  uuid        PRIMARY KEY,
    least_epoch int         NOT NULL,
    at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX revocation_at ON revocation (at);

CREATE TABLE revoked_sid (
    sid uuid        PRIMARY KEY,
    at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX revoked_sid_at ON revoked_sid (at);
