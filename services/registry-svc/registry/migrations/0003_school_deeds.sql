-- migrate:up
-- How schools close: what was asked, who agreed, from which date. And why a school was changed.

ALTER TABLE school_change ADD COLUMN reason text;

-- `records` is how many staff records the deed was seen to end when it was asked for
CREATE TABLE school_deed (
    deed_id     uuid PRIMARY KEY,
    school_id   uuid        NOT NULL REFERENCES school,
    state       text        NOT NULL CHECK (state IN ('awaiting-second', 'announced', 'done', 'expired', 'taken-back')),
    reason      text        NOT NULL CHECK (reason IN ('liquidated', 'reorganised')),
    closes_on   date        NOT NULL,
    successors  uuid[]      NOT NULL,
    records     int         NOT NULL,
    asked_by    uuid        NOT NULL,
    asked_at    timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    approved_by uuid
);
CREATE UNIQUE INDEX school_deed_open ON school_deed (school_id) WHERE state IN ('awaiting-second', 'announced');
CREATE INDEX school_deed_waiting ON school_deed (deed_id) WHERE state = 'awaiting-second';
CREATE INDEX school_deed_expires ON school_deed (expires_at) WHERE state = 'awaiting-second';
CREATE INDEX school_deed_due ON school_deed (closes_on) WHERE state = 'announced';
CREATE INDEX school_deed_successors ON school_deed USING gin (successors)
    WHERE state IN ('awaiting-second', 'announced');

CREATE INDEX application_open_inn ON application ((school ->> 'inn'))
    WHERE state IN ('submitted', 'in-review', 'clarification-requested');
CREATE INDEX account_mark_staff ON account_mark (staff_id);
