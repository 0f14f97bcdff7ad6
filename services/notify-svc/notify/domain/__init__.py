"""DECIDE: who may get a mail, what becomes of it after each attempt. Pure: `now` is an argument."""
