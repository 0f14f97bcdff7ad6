"""DECIDE: what an account request, an account, a password and a session may do. Pure: `now` is an argument."""
