-- migrate:up
-- Events told to city systems over HTTP. Nothing secret and nothing personal is here: secrets are derived, bodies are
-- clear events.

CREATE TABLE webhook (
    webhook_id     uuid        PRIMARY KEY,
    name           text        NOT NULL,
    url            text        NOT NULL,
    types          text[]      NOT NULL, -- of CloudEvents
    state          text        NOT NULL CHECK (state IN ('pending', 'active', 'refused', 'paused', 'ended')),
    reason         text,
    rate           int         CHECK (rate > 0), -- a minute, as the receiver allows; none is no limit
    free_at        timestamptz NOT NULL, -- from when on the rate allows more
    handshake_at   timestamptz, -- when the receiver is asked
    locked_until   timestamptz,
    active_since   timestamptz, -- events from then on, also while it is paused
    secret_version int         NOT NULL DEFAULT 1,
    rotated_at     timestamptz,
    created_at     timestamptz NOT NULL,
    created_by     uuid        NOT NULL
);
CREATE INDEX webhook_handshake ON webhook (handshake_at) WHERE handshake_at IS NOT NULL;
CREATE INDEX webhook_types ON webhook USING gin (types);

CREATE TABLE webhook_delivery (
    position   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id uuid        NOT NULL REFERENCES webhook ON DELETE CASCADE,
    key        text        NOT NULL,
    event_id   uuid        NOT NULL,
    type       text        NOT NULL,
    body       bytea, -- until it is delivered
    state      text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    at         timestamptz NOT NULL,
    attempts   int         NOT NULL DEFAULT 0,
    first_at   timestamptz,
    last_at    timestamptz,
    status     int,
    code       text,
    took_ms    int
) WITH (fillfactor = 70);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook_id, key, position) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, position);
CREATE INDEX webhook_delivery_age ON webhook_delivery (at);
