-- migrate:up
-- A password shorter than 15 characters is one of two factors: the other one stays as long as it does.

ALTER TABLE account ADD COLUMN password_is_short boolean NOT NULL DEFAULT false;
