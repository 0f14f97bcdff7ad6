-- migrate:up
-- Polls of the department (board nil) and of schools. `version` counts edits, `told` the events about a poll.

CREATE TABLE poll (
    poll_id          uuid        PRIMARY KEY,
    board            uuid        NOT NULL,
    author_id        uuid        NOT NULL,
    state            text        NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
    title            text        NOT NULL,
    intro            text        NOT NULL,
    audience         jsonb       NOT NULL,
    anonymous        boolean     NOT NULL,
    shares_results   boolean     NOT NULL,
    questions        jsonb       NOT NULL,
    closes_at        timestamptz,
    published_at     timestamptz CHECK (state = 'draft' OR published_at IS NOT NULL),
    closed_at        timestamptz CHECK (state <> 'closed' OR closed_at IS NOT NULL),
    counted_at       timestamptz,
    remind_at        timestamptz,
    reminded_through uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    version          bigint      NOT NULL,
    told             bigint      NOT NULL
);
CREATE INDEX poll_on_board ON poll (board, published_at DESC, poll_id DESC) WHERE state <> 'draft';
CREATE INDEX poll_of_state ON poll (board, state, published_at DESC, poll_id DESC) WHERE state <> 'draft';
CREATE INDEX poll_written ON poll (board, poll_id DESC);
CREATE INDEX poll_due ON poll (closes_at) WHERE state = 'published';
CREATE INDEX poll_uncounted ON poll (poll_id) WHERE state = 'closed' AND counted_at IS NULL;
CREATE INDEX poll_to_remind ON poll (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX poll_of_author ON poll (author_id);

-- Who has answered, and nothing else: the second of two parallel answers fails here. `attempt` is a hash of the key that
-- the client gave the request, so that a repeated one is confirmed.
CREATE TABLE poll_voter (
    poll_id    uuid  NOT NULL REFERENCES poll,
    account_id uuid  NOT NULL,
    attempt    bytea,
    PRIMARY KEY (poll_id, account_id)
);
CREATE INDEX poll_voter_of_account ON poll_voter (account_id);

-- Answers of anonymous polls, sealed and equally long, until the poll has closed (docs/decisions/0011).
CREATE TABLE poll_envelope (
    envelope_id uuid PRIMARY KEY,
    poll_id     uuid NOT NULL REFERENCES poll,
    seal        text NOT NULL
);
CREATE INDEX poll_envelope_of_poll ON poll_envelope (poll_id, envelope_id);

-- What was in them, under other ids: written after the end of the poll, many in one transaction, in random order.
CREATE TABLE poll_ballot (
    ballot_id uuid  PRIMARY KEY,
    poll_id   uuid  NOT NULL REFERENCES poll,
    answers   jsonb NOT NULL
);
CREATE INDEX poll_ballot_of_poll ON poll_ballot (poll_id, ballot_id);

-- Answers of polls by name.
CREATE TABLE poll_answer (
    poll_id    uuid        NOT NULL REFERENCES poll,
    account_id uuid        NOT NULL,
    answers    jsonb       NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (poll_id, account_id)
);
CREATE INDEX poll_answer_of_account ON poll_answer (account_id);
