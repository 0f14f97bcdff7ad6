-- migrate:up
-- Files that go with the homework of a lesson, in their order.

ALTER TABLE lesson ADD COLUMN files uuid[] NOT NULL DEFAULT '{}';
