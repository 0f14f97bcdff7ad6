-- migrate:up
-- One service's own tables, and those of the peers.
CREATE TABLE school (
    id      uuid   PRIMARY KEY,
    inn     text   NOT NULL UNIQUE,
    name    text   NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE school_copy (
    id      uuid   PRIMARY KEY,
    version bigint NOT NULL,
    inn     text   NOT NULL,
    name    text   NOT NULL,
    kind    text   NOT NULL,
    status  text   NOT NULL
);
CREATE TABLE peer_outbox (
    id      bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic   text    NOT NULL,
    key     text    NOT NULL,
    value   bytea   NOT NULL,
    headers text    NOT NULL,
    sent    boolean NOT NULL DEFAULT false
);
CREATE INDEX peer_outbox_unsent ON peer_outbox (id) WHERE NOT sent;
