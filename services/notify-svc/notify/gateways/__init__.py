"""Leaving the house: a mail becomes a letter, a letter becomes bytes, bytes go to a mail server."""
