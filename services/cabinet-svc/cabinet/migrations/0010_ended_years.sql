-- migrate:up
-- School years that a school has rolled over: their classes stay as they were.

CREATE TABLE ended_year (
    school_id uuid     NOT NULL,
    year      smallint NOT NULL,
    PRIMARY KEY (school_id, year)
);
