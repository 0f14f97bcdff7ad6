"""REMEMBER: all SQL of notify; one function, one statement. Rows in, dataclasses out."""
