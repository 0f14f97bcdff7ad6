"""Bring results in, publish them, tell of them, and note who knows them."""
