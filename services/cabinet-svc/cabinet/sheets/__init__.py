"""Tables that people bring and take away: read with care, written so that nothing runs when they are opened."""
