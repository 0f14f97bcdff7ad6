-- migrate:up
-- News of the department (board nil) and of schools. `version` counts edits, `told` the events about it.

CREATE TABLE news (
    news_id      uuid        PRIMARY KEY,
    board        uuid        NOT NULL,
    author_id    uuid        NOT NULL,
    state        text        NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'archived')),
    title        text        NOT NULL,
    body         text        NOT NULL,
    audience     jsonb       NOT NULL,
    pinned       boolean     NOT NULL,
    publish_at   timestamptz CHECK (state <> 'scheduled' OR publish_at IS NOT NULL),
    published_at timestamptz CHECK (state <> 'published' OR published_at IS NOT NULL),
    version      bigint      NOT NULL,
    told         bigint      NOT NULL
);
CREATE INDEX news_on_board ON news (board, pinned, published_at, news_id) WHERE state = 'published';
CREATE INDEX news_written ON news (board, news_id);
CREATE INDEX news_due ON news (publish_at) WHERE state = 'scheduled';
CREATE INDEX news_pinned ON news (board) WHERE pinned AND state IN ('scheduled', 'published');
CREATE INDEX news_of_author ON news (author_id);

CREATE TABLE news_read (
    news_id    uuid        NOT NULL REFERENCES news,
    account_id uuid        NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (news_id, account_id)
);
CREATE INDEX news_read_of_account ON news_read (account_id);
