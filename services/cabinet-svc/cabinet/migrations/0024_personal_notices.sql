-- migrate:up
-- What answers a person's own doing is mailed at once, whatever its kind.

ALTER TABLE notice ADD COLUMN personal boolean NOT NULL DEFAULT false;
