"""Polls: of the department for the city, of a school for itself; by name, or anonymous."""
