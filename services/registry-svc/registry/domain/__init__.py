"""DECIDE: the rules of the registry. Pure: no I/O, no clock."""
