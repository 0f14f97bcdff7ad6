-- migrate:up
-- At a closed school everything can be read and nothing written.

ALTER TABLE school ADD COLUMN status text NOT NULL DEFAULT 'active';
