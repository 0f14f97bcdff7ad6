-- migrate:up
-- Partitions that an operator wants read again from `since`; the wish stays until everything before `until` is settled.

CREATE TABLE replay (
    topic     text        NOT NULL,
    partition int         NOT NULL,
    since     bigint      NOT NULL,
    until     bigint      NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (topic, partition)
);
