"""DECIDE: which mails there are, who wants them when, and what becomes of them. Pure: `now` is an argument."""
