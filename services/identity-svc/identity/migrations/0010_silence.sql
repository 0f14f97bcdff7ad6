-- migrate:up
-- A ticket that waits for its guest has an end, and every refused sign-in leaves the same row behind it.

ALTER TABLE support_ticket ADD COLUMN waits_since timestamptz;  -- since when the desk waits for an answer
UPDATE support_ticket SET waits_since = now() WHERE state = 'waiting-for-user';
CREATE INDEX support_ticket_to_resolve ON support_ticket (waits_since) WHERE waits_since IS NOT NULL;

-- Until a loop takes it away: an operator's into the audit record, anybody else's nowhere
CREATE TABLE refusal (
    id          uuid        PRIMARY KEY,  -- of version 7: in the order of time
    at          timestamptz NOT NULL,
    operator_id uuid                      -- nobody's: of staff, or of a login that nobody has
);

DROP INDEX confirmation_of_ticket;
