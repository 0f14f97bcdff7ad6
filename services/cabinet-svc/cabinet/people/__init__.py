"""Copies of what registry and identity say, which every section asks."""
