-- migrate:up
-- Which city system has read how many people, and when: only ever added to. Nothing of the people themselves.

CREATE TABLE system_read (
    read_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    system_id uuid        NOT NULL,
    what      text        NOT NULL CHECK (what IN ('users', 'user')),
    count     int         NOT NULL,
    at        timestamptz NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON system_read FROM CURRENT_USER;
