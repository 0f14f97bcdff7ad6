-- migrate:up
CREATE TABLE counted (id uuid PRIMARY KEY, count int NOT NULL, version int NOT NULL DEFAULT 1);
CREATE TABLE met (id uuid PRIMARY KEY, times int NOT NULL DEFAULT 0);
CREATE TABLE heard (id uuid, word text, PRIMARY KEY (id, word));
CREATE TABLE job (id int PRIMARY KEY, locked_until timestamptz);
