-- migrate:up
-- What waits of one (subscription, key) goes in its order: whoever holds the lane sends, nobody else does.

CREATE TABLE webhook_lane (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id   uuid        NOT NULL REFERENCES webhook ON DELETE CASCADE,
    key          text        NOT NULL,
    due_at       timestamptz NOT NULL,
    locked_until timestamptz,
    UNIQUE (webhook_id, key)
) WITH (fillfactor = 70);
CREATE INDEX webhook_lane_due ON webhook_lane (webhook_id, due_at);
