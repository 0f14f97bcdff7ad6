-- migrate:up
-- A city system lists and counts its own subscriptions.

CREATE INDEX webhook_owner ON webhook (created_by, webhook_id);
