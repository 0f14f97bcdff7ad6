"""Webhooks: events told to city systems over HTTP, as CloudEvents, signed, in order per key."""
