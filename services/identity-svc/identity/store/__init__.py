"""REMEMBER: all SQL of identity; one function, one statement. Rows in, dataclasses out."""
