-- migrate:up
-- What slows guessing down and what keeps public forms from being flooded. Keys are keyed digests: no address, no login.

CREATE TABLE attempt (
    key     bytea            PRIMARY KEY,  -- of whose failures are counted: a login from a source, a device, a source
    login   bytea,                         -- keyed digest of the login it was about: restoring access clears its rows
    level   double precision NOT NULL,     -- failures that have not leaked away
    at      timestamptz      NOT NULL
);
CREATE INDEX attempt_of_login ON attempt (login) WHERE login IS NOT NULL;
CREATE INDEX attempt_at ON attempt (at);

CREATE TABLE quota (
    key     bytea       PRIMARY KEY,       -- of a source that files forms, of an address that is mailed
    used    int         NOT NULL,
    until   timestamptz NOT NULL           -- then it begins anew
);
CREATE INDEX quota_until ON quota (until);

CREATE TABLE used_challenge (
    signature text        PRIMARY KEY,
    until     timestamptz NOT NULL         -- no challenge of that age is taken any more
);
CREATE INDEX used_challenge_until ON used_challenge (until);
