-- migrate:up
-- A closed school gets no new accounts.

ALTER TABLE school ADD COLUMN status text NOT NULL DEFAULT 'active';
