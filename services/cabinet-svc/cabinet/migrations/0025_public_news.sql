-- migrate:up
-- News of the department that strangers read too, on the first page of the support centre.

ALTER TABLE news ADD COLUMN is_public boolean NOT NULL DEFAULT false;
CREATE INDEX news_public ON news (pinned, published_at, news_id) WHERE is_public AND state = 'published';
