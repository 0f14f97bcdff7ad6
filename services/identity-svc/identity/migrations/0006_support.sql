-- migrate:up
-- The support desk: tickets with their threads, and confirmations by mail.

CREATE SEQUENCE support_ticket_number;

CREATE TABLE support_ticket (
    id          uuid        PRIMARY KEY,  -- of version 7: in the order of time
    number      text        NOT NULL UNIQUE,
    version     int         NOT NULL DEFAULT 0,
    kind        text        NOT NULL,
    channel     text        NOT NULL,
    state       text        NOT NULL,
    lang        text        NOT NULL,
    opened_at   timestamptz NOT NULL,
    email       text,                     -- contact and login go 180 days after closing
    name        text,
    phone       text,
    login       text,
    assigned_to uuid,
    account_id  uuid,
    merged_into uuid,
    resolved_at timestamptz,
    closed_at   timestamptz,
    checked_at  timestamptz,              -- when a code to the address on file of `account_id` was read aloud
    look_at     timestamptz               -- from when on the loop looks for accounts to mail a confirmation to
);
CREATE INDEX support_ticket_of_state ON support_ticket (state, id);
CREATE INDEX support_ticket_of_kind ON support_ticket (kind, id);
CREATE INDEX support_ticket_of_operator ON support_ticket (assigned_to, id) WHERE assigned_to IS NOT NULL;
CREATE INDEX support_ticket_merged ON support_ticket (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX support_ticket_to_look ON support_ticket (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX support_ticket_to_close ON support_ticket (resolved_at) WHERE state = 'resolved';
CREATE INDEX support_ticket_to_forget ON support_ticket (closed_at) WHERE email IS NOT NULL;

CREATE TABLE support_message (
    id         uuid        PRIMARY KEY,
    ticket_id  uuid        NOT NULL,
    at         timestamptz NOT NULL,
    author     text        NOT NULL,      -- guest, desk
    by_account uuid,                      -- who of the desk; nobody: the system
    private    boolean     NOT NULL,
    text       text        NOT NULL
);
CREATE INDEX support_message_of_ticket ON support_message (ticket_id, id);

CREATE TABLE support_attachment (
    id         uuid        PRIMARY KEY,
    ticket_id  uuid        NOT NULL,
    at         timestamptz NOT NULL,
    author     text        NOT NULL,
    name       text        NOT NULL,
    media_type text        NOT NULL,
    size       int         NOT NULL,
    content    bytea       NOT NULL
);
CREATE INDEX support_attachment_of_ticket ON support_attachment (ticket_id, id);
ALTER TABLE support_attachment ALTER COLUMN content SET STORAGE EXTERNAL;  -- images and PDF are compressed already

-- `digest`: of the code, under a key; the code itself stands nowhere.
CREATE TABLE confirmation (
    id         uuid        PRIMARY KEY,
    digest     bytea       NOT NULL UNIQUE,
    purpose    text        NOT NULL,
    account_id uuid        NOT NULL,
    ticket_id  uuid,
    email      text        NOT NULL,      -- where it was mailed to
    state      text        NOT NULL,      -- open, used, void
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX confirmation_of_account ON confirmation (account_id, purpose, created_at);
CREATE INDEX confirmation_of_ticket ON confirmation (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX confirmation_expires ON confirmation (expires_at);

-- For the desk: accounts by address, when somebody last signed in, what became of the mail with the newest credentials.
CREATE INDEX account_of_email ON account (lower(email)) WHERE state IN ('issued', 'active', 'suspended');
ALTER TABLE account
    ADD COLUMN signed_in_at timestamptz,
    ADD COLUMN mailed_no    int NOT NULL DEFAULT 0,  -- of which credentials
    ADD COLUMN mail_no      int NOT NULL DEFAULT 0,  -- the word of notify that counts
    ADD COLUMN mail_failed  boolean NOT NULL DEFAULT false;
