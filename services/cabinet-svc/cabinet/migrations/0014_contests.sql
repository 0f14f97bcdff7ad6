-- migrate:up
-- Contests and events of the department (board nil) and of schools, and who takes part. Whoever gives or frees a place
-- holds the lock of the contest's row; `accepted` counts what is given, `queue_no` the waiting list. Once a contest is out
-- its window ends in `closes_at` whatever ended it, so that is what lists are sorted by. `promoting`: more of the waiting list
-- have places than one transaction could tell. `version` counts edits and steps, `told` the events about it.

CREATE TABLE contest (
    contest_id     uuid        PRIMARY KEY,
    board          uuid        NOT NULL,
    author_id      uuid        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('draft', 'announced', 'closed', 'cancelled')),
    kind           text        NOT NULL CHECK (kind IN ('contest', 'event')),
    title          text        NOT NULL,
    body           text        NOT NULL,
    place          text        NOT NULL,
    audience       jsonb       NOT NULL,
    subjects       text[]      NOT NULL,
    needs_approval boolean     NOT NULL,
    opens_at       timestamptz NOT NULL,
    closes_at      timestamptz NOT NULL,
    starts_at      timestamptz,
    ends_at        timestamptz,
    capacity       int,
    quota          int,
    files          uuid[]      NOT NULL,
    reason         text,
    accepted       int         NOT NULL CHECK (accepted >= 0 AND accepted <= capacity),
    queue_no       bigint      NOT NULL,
    promoting      boolean     NOT NULL,
    version        bigint      NOT NULL,
    told           bigint      NOT NULL
);
CREATE INDEX contest_on_board ON contest (board, closes_at, contest_id) WHERE state <> 'draft';
CREATE INDEX contest_written ON contest (board, contest_id);
CREATE INDEX contest_promoting ON contest (contest_id) WHERE promoting;
CREATE INDEX contest_of_author ON contest (author_id);

-- One a person and contest: who comes back after a withdrawal takes the same row to the end of the list. A record of the
-- school: without `text` and `team` it stays when the account goes.
CREATE TABLE contest_entry (
    entry_id   uuid        PRIMARY KEY,
    contest_id uuid        NOT NULL REFERENCES contest,
    account_id uuid        NOT NULL,
    staff_id   uuid,
    school_id  uuid        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('applied', 'accepted', 'waitlisted', 'rejected', 'withdrawn')),
    for_editor boolean     NOT NULL,
    text       text        NOT NULL,
    team       text        NOT NULL,
    pupils     int,
    reason     text,
    queue_no   bigint      CHECK (state <> 'waitlisted' OR queue_no IS NOT NULL),
    at         timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    version    bigint      NOT NULL,
    UNIQUE (account_id, contest_id)
);
CREATE INDEX contest_entry_listed ON contest_entry (contest_id, entry_id);
CREATE INDEX contest_entry_of_school ON contest_entry (contest_id, school_id, entry_id);
CREATE INDEX contest_entry_accepted ON contest_entry (contest_id, school_id) WHERE state = 'accepted';
CREATE INDEX contest_entry_waiting ON contest_entry (contest_id, queue_no) WHERE state = 'waitlisted';
CREATE INDEX contest_entry_of_account ON contest_entry (account_id, entry_id);
CREATE INDEX contest_entry_of_staff ON contest_entry (staff_id) WHERE state IN ('applied', 'accepted', 'waitlisted');
CREATE INDEX contest_entry_for_head ON contest_entry (school_id, entry_id) WHERE state = 'applied' AND NOT for_editor;
CREATE INDEX contest_entry_for_editor ON contest_entry (entry_id) WHERE state = 'applied' AND for_editor;
