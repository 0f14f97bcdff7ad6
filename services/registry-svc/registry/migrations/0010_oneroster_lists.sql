-- migrate:up
-- The lists of OneRoster by status, in either order: a page reads its own rows alone, and they are counted by an index.

CREATE INDEX school_going ON school (school_id) WHERE status <> 'closed';
CREATE INDEX school_going_changed ON school (changed_at, school_id) WHERE status <> 'closed';
CREATE INDEX school_closed ON school (school_id) WHERE status = 'closed';
CREATE INDEX school_closed_changed ON school (changed_at, school_id) WHERE status = 'closed';

CREATE INDEX staff_live ON staff (staff_id) WHERE ended_at IS NULL;
CREATE INDEX staff_live_changed ON staff (changed_at, staff_id) WHERE ended_at IS NULL;
CREATE INDEX staff_ended ON staff (staff_id) WHERE ended_at IS NOT NULL;
CREATE INDEX staff_ended_changed ON staff (changed_at, staff_id) WHERE ended_at IS NOT NULL;
