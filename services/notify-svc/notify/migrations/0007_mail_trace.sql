-- migrate:up
-- The span (W3C Trace Context) in which a mail was queued: its sending belongs to the same trace.

ALTER TABLE mail ADD COLUMN traceparent text;
