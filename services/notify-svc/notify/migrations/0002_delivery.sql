-- migrate:up
-- Whom a mail is for, as the desk may see it: a mask, and a hash under the service's own key. Both go with the address.

ALTER TABLE mail
    SET (fillfactor = 50), -- a row is written four times on its way: with room on its page no index is
    ADD COLUMN priority  smallint NOT NULL DEFAULT 2 CHECK (priority BETWEEN 1 AND 3),
    ADD COLUMN recipient bytea,
    ADD COLUMN mask      text,
    ADD COLUMN ticket    text,
    ADD COLUMN accepted  boolean  NOT NULL DEFAULT false, -- by a server; what it comes to is not recorded yet
    ADD COLUMN resent_by uuid,
    ADD COLUMN resent_at timestamptz,
    DROP CONSTRAINT mail_state_check,
    ADD CONSTRAINT mail_state_check CHECK (state IN (
        'waiting', 'queued', 'sending', 'retry', 'unknown', 'sent', 'failed', 'bounced', 'cancelled'));

UPDATE mail SET due_at = expires_at WHERE state = 'waiting'; -- so that the end of its time finds it

DROP INDEX mail_due;
CREATE INDEX mail_due ON mail (priority, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mail_recipient ON mail (recipient, queued_at DESC, mail_id DESC) WHERE recipient IS NOT NULL;
CREATE INDEX mail_event ON mail (event_id);
CREATE INDEX mail_ticket ON mail (ticket, queued_at DESC, mail_id DESC) WHERE ticket IS NOT NULL;
CREATE INDEX mail_kept ON mail (finished_at) WHERE recipient IS NOT NULL OR contact IS NOT NULL;

CREATE TABLE suppression (
    recipient bytea       PRIMARY KEY,
    mail_id   uuid        NOT NULL,
    code      text        NOT NULL,
    since     timestamptz NOT NULL,
    lifted_at timestamptz,
    lifted_by uuid
);
CREATE INDEX suppression_age ON suppression (since);
CREATE INDEX suppression_mail ON suppression (mail_id);
