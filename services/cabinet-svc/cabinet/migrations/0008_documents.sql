-- migrate:up
-- Files that sections keep in the object store, and normative documents with versions, texts and acknowledgements.

-- `uploading` and `kept` too long without being attached to anything: dropped, with the object.
CREATE TABLE file (
    file_id    uuid        PRIMARY KEY,
    account_id uuid        NOT NULL,
    name       text        NOT NULL,
    kind       text        NOT NULL,
    size       bigint      NOT NULL,
    sha256     bytea,
    state      text        NOT NULL CHECK (state IN ('uploading', 'kept', 'attached', 'dropping')),
    at         timestamptz NOT NULL,
    CHECK (state IN ('uploading', 'dropping') OR sha256 IS NOT NULL)
);
CREATE INDEX file_loose ON file (at) WHERE state <> 'attached';
CREATE INDEX file_loose_of_account ON file (account_id) WHERE state IN ('uploading', 'kept');

-- What a document can be found by: its name before its text. A text with too many different words is cut.
CREATE FUNCTION document_words(number text, title text, issuer text, body text)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN setweight(to_tsvector('russian', number || ' ' || title), 'A')
        || setweight(to_tsvector('russian', issuer), 'B') || to_tsvector('russian', body);
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN setweight(to_tsvector('russian', number || ' ' || title), 'A')
        || setweight(to_tsvector('russian', issuer), 'B') || to_tsvector('russian', left(body, 200000));
END
$$;

-- `current_no` is the newest published version, `required_no` the one that has to be acknowledged at least.
CREATE TABLE document (
    document_id    uuid        PRIMARY KEY,
    number         text        NOT NULL,
    issued_on      date        NOT NULL,
    issuer         text        NOT NULL,
    kind           text        NOT NULL,
    title          text        NOT NULL,
    specialties    text[]      NOT NULL,
    audience       jsonb       NOT NULL,
    supersedes     uuid        REFERENCES document,
    superseded_by  uuid        REFERENCES document,
    current_no     int,
    required_no    int,
    acknowledge_by timestamptz,
    words          tsvector,
    name           tsvector    NOT NULL GENERATED ALWAYS AS (
        to_tsvector('russian', number || ' ' || title || ' ' || issuer)) STORED,
    version        bigint      NOT NULL,
    told           bigint      NOT NULL
);
CREATE INDEX document_words ON document USING gin (words) WITH (fastupdate = off) WHERE current_no IS NOT NULL;
CREATE INDEX document_name ON document USING gin (name) WITH (fastupdate = off) WHERE current_no IS NOT NULL;
CREATE INDEX document_specialties ON document USING gin (specialties) WITH (fastupdate = off) WHERE current_no IS NOT NULL;
CREATE INDEX document_published ON document (issued_on DESC, document_id DESC) WHERE current_no IS NOT NULL;
CREATE INDEX document_draft ON document (document_id DESC) WHERE current_no IS NULL;
CREATE INDEX document_required ON document (issued_on DESC, document_id DESC) WHERE required_no IS NOT NULL;

CREATE TABLE document_version (
    version_id     uuid        PRIMARY KEY,
    document_id    uuid        NOT NULL REFERENCES document,
    no             int         NOT NULL,
    file_id        uuid        NOT NULL REFERENCES file,
    in_force_from  date        NOT NULL,
    in_force_to    date        CHECK (in_force_to >= in_force_from),
    is_material    boolean     NOT NULL,
    is_mandatory   boolean     NOT NULL,
    acknowledge_by timestamptz,
    note           text        NOT NULL,
    published_at   timestamptz,
    text_state     text        NOT NULL CHECK (text_state IN ('waiting', 'done', 'failed')),
    locked_until   timestamptz,
    UNIQUE (document_id, no)
);
CREATE INDEX document_version_text ON document_version (version_id) WHERE text_state = 'waiting';

CREATE TABLE document_passage (
    version_id uuid     NOT NULL REFERENCES document_version,
    no         int      NOT NULL,
    text       text     NOT NULL,
    words      tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('russian', text)) STORED,
    PRIMARY KEY (version_id, no)
);

-- A record of the school: it stays when the account goes. `sha256` is of the file that was acknowledged.
CREATE TABLE acknowledgement (
    document_id uuid        NOT NULL REFERENCES document,
    no          int         NOT NULL,
    account_id  uuid        NOT NULL,
    school_id   uuid,
    at          timestamptz NOT NULL,
    sha256      bytea       NOT NULL,
    PRIMARY KEY (document_id, account_id, no)
);
CREATE INDEX acknowledgement_of_school ON acknowledgement (document_id, school_id);
CREATE INDEX acknowledgement_of_account ON acknowledgement (account_id);

-- Reminders before a deadline, told page by page.
CREATE TABLE document_reminder (
    document_id  uuid        NOT NULL REFERENCES document,
    no           int         NOT NULL,
    at           timestamptz NOT NULL,
    told_through uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    told_at      timestamptz,
    PRIMARY KEY (document_id, no, at)
);
CREATE INDEX document_reminder_due ON document_reminder (at) WHERE told_at IS NULL;
