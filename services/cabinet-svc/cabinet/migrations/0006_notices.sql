-- migrate:up
-- Notices. Who sees one is computed where it is read, so a notice to 40,000 people is one row, and who comes later sees
-- what still matters.

-- Whom something is for: people who fit every list that is not empty. Posts are kept in lower case. Not in SQL: the planner
-- would look into it, think that next to nothing fits, and read everything to find a page.
CREATE FUNCTION audience_fits(audience jsonb, district text, okrug text, school_id uuid, category text, post text)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (audience->'districts' = '[]' OR audience->'districts' ? district OR audience->'districts' ? okrug)
       AND (audience->'school_ids' = '[]' OR audience->'school_ids' ? school_id::text)
       AND (audience->'categories' = '[]' OR audience->'categories' ? category)
       AND (audience->'posts' = '[]' OR audience->'posts' ? post);
END
$$;

-- Who has an open cabinet, with everything that an audience asks. The roll decides the post.
CREATE VIEW reader AS
SELECT account_id, account.school_id, account.staff_id, school.district, school.okrug,
       coalesce(staff.category, account.category) AS category, lower(coalesce(staff.post, account.post)) AS post
FROM account LEFT JOIN staff USING (staff_id) LEFT JOIN school ON school.school_id = account.school_id
WHERE account.state = 'open';

-- `told_through` is the last account that the event has named, `told_at` says that all of them are.
CREATE TABLE notice (
    notice_id    uuid        PRIMARY KEY,
    kind         text        NOT NULL,
    about        uuid        NOT NULL,
    title        text        NOT NULL,
    page         text        NOT NULL,
    due          timestamptz,
    at           timestamptz NOT NULL,
    until        timestamptz NOT NULL,
    audience     jsonb,
    told_through uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    told_at      timestamptz
);
CREATE INDEX notice_to_tell ON notice (notice_id) WHERE told_at IS NULL;
CREATE INDEX notice_over ON notice (until) WHERE told_at IS NOT NULL;
CREATE INDEX notice_about ON notice (about);

-- Where a notice is looked for: `place` is a school, an account, or nil for the whole city.
CREATE TABLE notice_reach (
    place     uuid NOT NULL,
    notice_id uuid NOT NULL REFERENCES notice ON DELETE CASCADE,
    PRIMARY KEY (place, notice_id)
);
CREATE INDEX notice_reach_of_notice ON notice_reach (notice_id, place);

CREATE TABLE notice_read (
    account_id uuid        NOT NULL,
    notice_id  uuid        NOT NULL REFERENCES notice ON DELETE CASCADE,
    at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, notice_id)
);
CREATE INDEX notice_read_of_notice ON notice_read (notice_id);

-- Where something has changed lately, for open streams.
CREATE TABLE inbox_change (
    change_id bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    place     uuid        NOT NULL,
    at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_change_at ON inbox_change (at);
