-- migrate:up
-- Who has no name any more is "former employee no. N" of the school in records that stay.

ALTER TABLE account ADD COLUMN former_no int;
CREATE TABLE former_employees (
    school_id uuid PRIMARY KEY,
    last_no   int  NOT NULL
);
