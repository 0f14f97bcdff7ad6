"""The workplace form."""
