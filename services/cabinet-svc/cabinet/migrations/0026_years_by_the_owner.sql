-- migrate:up
-- The role a service works as makes no tables; the partitions of a school year alone are made while it works, and this
-- function makes them as its owner. They are attached, for that keeps nobody from reading or writing the others.

CREATE FUNCTION make_year(year int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['mark', 'mark_change'] LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', parent || '_' || year, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%s)', parent, parent || '_' || year, year);
    END LOOP;
END
$$;
