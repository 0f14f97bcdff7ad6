"""News: of the department for the city, of a school for itself."""
