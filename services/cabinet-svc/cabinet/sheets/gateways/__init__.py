"""Files of tables: what is outside, and read with care."""
