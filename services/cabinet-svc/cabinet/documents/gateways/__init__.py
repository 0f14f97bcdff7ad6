"""How the text of a file is read."""
