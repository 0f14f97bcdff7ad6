"""Tables that people send: read with care, refused in words for people."""
