-- migrate:up
-- Where a school is, for audiences; and whom a section finds by school or by post.

ALTER TABLE school ADD COLUMN district text, ADD COLUMN okrug text;
CREATE INDEX account_of_school ON account (school_id, account_id) WHERE state <> 'erased';
CREATE INDEX staff_of_school ON staff (school_id, staff_id);
