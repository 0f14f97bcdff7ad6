"""Files of the feed: what is outside, and read with care."""
