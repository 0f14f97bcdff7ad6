-- migrate:up
-- Which version of a request a decider was shown last: a decision counts for that one alone.

CREATE TABLE referral_read (
    request_id      uuid NOT NULL REFERENCES account_request ON DELETE CASCADE,
    decider         uuid NOT NULL,
    request_version int  NOT NULL,
    PRIMARY KEY (request_id, decider)
);
