"""REMEMBER: all SQL of the registry. One function, one statement."""
